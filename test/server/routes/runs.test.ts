import { expect, test } from 'vitest';
import { startFakeOllama } from '../../rig/fake-ollama.ts';
import { api, eventsOf, readLines, serverRig, withTester } from '../server-rig.ts';

const hello = { type: 'generate', input: 'Say hello' };
const asked = { agent_id: 'tester', tasks: [hello] };

test('runs are listed with the newest first', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const ids = [(await ask('POST', `${api}/tasks`, asked)).body.id, (await ask('POST', `${api}/tasks`, asked)).body.id];
  const { body } = await ask('GET', `${api}/runs`);
  expect(body.runs.map(({ id }) => id)).toEqual(ids.reverse());
  expect((await ask('GET', `${api}/runs?limit=1`)).body.runs).toHaveLength(1);
  expect((await ask('GET', `${api}/runs?status=failed`)).body.runs).toEqual([]);
});

test.each(['limit=0', 'status=done', 'since=yesterday', 'color=red'])(
  'a list of runs with %s is refused',
  async (query) => {
    const { ask } = serverRig();
    expect((await ask('GET', `${api}/runs?${query}`)).status).toBe(400);
  },
);

test('a run is shown as it was answered', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/tasks`, asked);
  expect((await ask('GET', `${api}/runs/${body.id}`)).body).toEqual(body);
  expect((await ask('GET', `${api}/runs/last`)).body).toEqual(body);
});

test.each(['', '/events'])('an unknown run is answered with 404: %s', async (rest) => {
  const { ask } = serverRig();
  expect((await ask('GET', `${api}/runs/0199${rest}`)).body.problem.code).toBe('run-unknown');
});

test('a run that was detached goes on alone, and its events can be had', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const { ask, send } = await withTester(serverRig({ fake }));
  const { status, body, headers } = await ask('POST', `${api}/tasks`, { ...asked, detach: true });
  expect({ status, location: headers.get('location') }).toEqual({ status: 202, location: `${api}/runs/${body.id}` });
  fake.release();
  const events = await eventsOf(await send('GET', `${api}/runs/${body.id}/events`));
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'completed' });
});

test('the events of a run that has ended are those that were kept', async () => {
  await using fake = await startFakeOllama();
  const { ask, send, orchestrator } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/tasks`, asked);
  const events = await eventsOf(await send('GET', `${api}/runs/${body.id}/events`));
  expect(events).toEqual(await orchestrator.runs.eventsAfter(body.id, 0));
  expect(events.map(({ type }) => type)).toEqual(['run.started', 'task.started', 'task.finished', 'run.finished']);
});

const asEvents = { headers: { accept: 'text/event-stream' } };

test('a reader that comes back gets what it missed, the text so far, and what follows', async () => {
  await using fake = await startFakeOllama();
  const { ask, send } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/tasks`, { ...asked, detach: true });
  const call = await fake.nextCall();
  await call.send('Hel');
  await call.send('lo ');
  const first = readLines(await send('GET', `${api}/runs/${body.id}/events`, undefined, asEvents));
  const seen = [await first.untilLine(/"task.started"/), await first.untilLine(/"text":"lo "|"Hello "/)];
  await first.stop();
  expect(seen).not.toContain(undefined);
  const headers = { ...asEvents.headers, 'last-event-id': '2' };
  const again = readLines(await send('GET', `${api}/runs/${body.id}/events`, undefined, { headers }));
  expect(await again.untilLine(/^data/)).toMatch(/"task.delta".*"offset":0,"text":"Hello "/);
  await call.send('there');
  expect(await again.untilLine(/^data/)).toMatch(/"offset":6,"text":"there"/);
  await call.finish();
  expect(await again.untilLine(/^id/)).toBe('id: 3');
  expect(await again.untilLine(/^data/)).toMatch(/"task.finished".*"output":"Hello there"/);
  expect(await again.untilLine(/^data/)).toMatch(/"run.finished"/);
  expect(await again.untilLine(/./)).toBeUndefined();
});

test('a reader that has all of a run that has ended need not come back', async () => {
  await using fake = await startFakeOllama();
  const { ask, send } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/tasks`, asked);
  const headers = { ...asEvents.headers, 'last-event-id': '4' };
  expect((await send('GET', `${api}/runs/${body.id}/events`, undefined, { headers })).status).toBe(204);
});

test('a run can be cancelled', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const { ask } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/tasks`, { ...asked, detach: true });
  await fake.until(({ open }) => open === 1);
  expect((await ask('POST', `${api}/runs/${body.id}/cancel`)).body).toEqual({ cancelled: body.id });
  await fake.until(({ open }) => open === 0);
  expect((await ask('GET', `${api}/runs/${body.id}`)).body.status).toBe('cancelled');
  expect((await ask('POST', `${api}/runs/${body.id}/cancel`)).status).toBe(409);
});

test('what failed is done again, and the answer is the whole of the run', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', (call) => call.fail(400, 'no'));
  const { ask } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/tasks`, asked);
  expect(body.status).toBe('failed');
  const again = await ask('POST', `${api}/runs/${body.id}/retry`);
  expect(again.body).toMatchObject({ id: body.id, status: 'completed' });
});

test('a step can be done again from a run that has completed', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/tasks`, asked);
  const { body: again } = await ask('POST', `${api}/runs/${body.id}/retry`, { from: 'task1' });
  expect(again.status).toBe('completed');
  expect(fake.prompts).toHaveLength(2);
});

test('a run that has completed cannot be resumed', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/tasks`, asked);
  const { status, body: refused } = await ask('POST', `${api}/runs/${body.id}/resume`);
  expect({ status, code: refused.problem.code }).toEqual({ status: 409, code: 'run-ended' });
});
