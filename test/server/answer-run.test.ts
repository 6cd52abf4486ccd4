import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { api, eventsOf, readLines, serverRig, withTester, type ServerRig } from './server-rig.ts';

const asked = { agent_id: 'tester', tasks: [{ type: 'generate', input: 'Say hello' }] };

test('a client that goes away before its document is there ends its run', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const { send, app, orchestrator } = await withTester(serverRig({ fake }));
  const client = new AbortController();
  const answer = send('POST', `${api}/tasks`, asked, { signal: client.signal });
  await fake.until(({ open }) => open === 1);
  client.abort();
  await fake.until(({ open }) => open === 0);
  await answer;
  await app.untilIdle();
  expect((await orchestrator.runs.list()).map(({ status }) => status)).toEqual(['cancelled']);
});

test.each([{ stream: true }, { stream: false, headers: { accept: 'text/event-stream' } }])(
  'a client that stops reading its events ends its run: %o',
  async ({ stream, headers = {} }) => {
    await using fake = await startFakeOllama();
    fake.hold();
    const { send, app, orchestrator } = await withTester(serverRig({ fake }));
    const lines = readLines(await send('POST', `${api}/tasks`, { ...asked, stream }, { headers }));
    await lines.untilLine(/task.started/);
    await lines.stop();
    await app.untilIdle();
    expect((await orchestrator.runs.list()).map(({ status }) => status)).toEqual(['cancelled']);
  },
);

test('a client that detached its run may stop reading', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const { send, app, orchestrator } = await withTester(serverRig({ fake }));
  const lines = readLines(await send('POST', `${api}/tasks`, { ...asked, stream: true, detach: true }));
  await lines.untilLine(/task.started/);
  await lines.stop();
  fake.release();
  await app.untilIdle();
  expect((await orchestrator.runs.list()).map(({ status }) => status)).toEqual(['completed']);
});

test('server-sent events carry the number of durable events as their id', async () => {
  await using fake = await startFakeOllama();
  const { send } = await withTester(serverRig({ fake }));
  const response = await send('POST', `${api}/tasks`, asked, { headers: { accept: 'text/event-stream' } });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '');
  const ids = blocks.flatMap((block) => /^id: (\d+)$/m.exec(block)?.[1] ?? []);
  expect(ids).toEqual(['1', '2', '3', '4']);
  expect(blocks.every((block) => /^data: \{.*\}$/m.test(block))).toBe(true);
});

test('runs wait for their turn, and when too many wait the next is told to come again', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const { send, ask } = await withTester(serverRig({ fake, limits: { runs: 1, waiting: 1 } }));
  const first = send('POST', `${api}/tasks`, { ...asked, stream: true });
  await fake.until(({ open }) => open === 1);
  const second = send('POST', `${api}/tasks`, { ...asked, stream: true });
  const third = await ask('POST', `${api}/tasks`, asked);
  expect({ status: third.status, code: third.body.problem.code }).toEqual({ status: 429, code: 'queue-full' });
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  fake.release();
  for (const sent of [first, second]) expect((await eventsOf(await sent)).at(-1)?.type).toBe('run.finished');
});

test('when the program is told to end, its runs are kept as interrupted', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const { ask, app, host } = await withTester(serverRig({ fake }));
  const answer = ask('POST', `${api}/tasks`, asked);
  await fake.until(({ open }) => open === 1);
  host.interrupt('SIGTERM');
  await app.untilIdle();
  expect((await answer).body.status).toBe('interrupted');
});

test('runs and what is passed on share the slots of a model', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const { send, ask } = await withTester(serverRig({ fake, limits: { slots: 1 } }));
  const passed = send('POST', '/api/generate', { model: 'llama3.2', prompt: 'x' });
  await fake.until(({ open }) => open === 1);
  const tasks = [...asked.tasks, ...asked.tasks];
  const runs = [ask('POST', `${api}/tasks`, { ...asked, tasks }), ask('POST', `${api}/tasks`, asked)];
  await untilRunning(ask, 2);
  // Time enough to send what may not be sent.
  for (let count = 0; count < 10; count += 1) await ask('GET', `${api}/hosts`);
  expect(fake.open).toBe(1);
  fake.release();
  expect((await Promise.all(runs)).map(({ body }) => body.status)).toEqual(['completed', 'completed']);
  expect(await (await passed).text()).toContain('"done":true');
  expect([fake.prompts.length, fake.maxOpen]).toEqual([4, 1]);
});

async function untilRunning(ask: ServerRig['ask'], count: number): Promise<void> {
  for (let running = 0; running < count;) {
    // A question that takes its time: the runs get theirs.
    await ask('GET', `${api}/hosts`);
    running = (await ask('GET', `${api}/runs?status=running`)).body.runs.length;
  }
}

test('a run that waits for a slot can be cancelled', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const { ask, send } = await withTester(serverRig({ fake, limits: { slots: 1 } }));
  const passed = send('POST', '/api/generate', { model: 'llama3.2', prompt: 'x' });
  await fake.until(({ open }) => open === 1);
  const { body } = await ask('POST', `${api}/tasks`, { ...asked, detach: true });
  expect((await ask('POST', `${api}/runs/${body.id}/cancel`)).body).toEqual({ cancelled: body.id });
  fake.release();
  await (await passed).text();
  expect(fake.prompts).toHaveLength(1);
});
