import { expect, test } from 'vitest';
import { startFakeOllama } from '../../rig/fake-ollama.ts';
import { api, eventsOf, serverRig, withTester } from '../server-rig.ts';

const hello = { type: 'generate', input: 'Say hello' };

test('tasks are run, and answered with the document of their run', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const { status, body } = await ask('POST', `${api}/tasks`, { agent_id: 'tester', tasks: [hello] });
  expect(status).toBe(200);
  expect(body).toMatchObject({ run_type: 'tasks', agent: 'tester', status: 'completed' });
  expect(body.results).toEqual([
    expect.objectContaining({ task_id: body.tasks[0]?.id, output: body.tasks[0]?.output }),
  ]);
});

test('when one of two tasks fails, the answer is 200 with the end of each', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const tasks = [hello, { ...hello, model_name: 'nope' }];
  const { status, body } = await ask('POST', `${api}/tasks`, { agent_id: 'tester', tasks });
  expect({ status, run: body.status }).toEqual({ status: 200, run: 'failed' });
  expect(body.tasks.map(({ status }) => status)).toEqual(['completed', 'failed']);
  expect(body.results).toHaveLength(1);
});

test.each([
  ['an unknown agent', { agent_id: 'nope', tasks: [hello] }, 404, 'agent-unknown'],
  ['no tasks', { agent_id: 'tester', tasks: [] }, 400, 'task-invalid'],
  ['no agent', { tasks: [hello] }, 400, 'body-invalid'],
  ['an unknown key', { agent_id: 'tester', tasks: [hello], prompts: [] }, 400, 'body-invalid'],
  ['a budget of nothing', { agent_id: 'tester', tasks: [hello], budget: { tokens: 0 } }, 400, 'body-invalid'],
  ['an unknown type', { agent_id: 'tester', tasks: [{ ...hello, type: 'genrate' }] }, 400, 'task-type-unknown'],
  [
    'a picture from a file',
    { agent_id: 'tester', tasks: [{ ...hello, images: ['@/etc/passwd'] }] },
    400,
    'task-invalid',
  ],
  ['standard input', { agent_id: 'tester', tasks: [{ ...hello, input: '{{stdin}}' }] }, 400, 'placeholder-unset'],
])('%s is refused before anything is sent', async (_what, request, expected, code) => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const { status, body } = await ask('POST', `${api}/tasks`, request);
  expect({ status, code: body.problem.code }).toEqual({ status: expected, code });
  expect(fake.prompts).toEqual([]);
});

test('tasks are held to a budget', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const request = { agent_id: 'tester', tasks: [hello, hello], sequential: true, budget: { tokens: 1 } };
  const { status, body } = await ask('POST', `${api}/tasks`, request);
  expect(status).toBe(200);
  expect(body.tasks).toMatchObject([{ status: 'completed' }, { problem: { code: 'budget-reached' } }]);
});

test('all that is wrong with tasks is told at once', async () => {
  const { ask } = await withTester(serverRig());
  const tasks = [{ type: 'genrate', input: 'x' }, { type: 'generate' }];
  const { body } = await ask('POST', `${api}/tasks`, { agent_id: 'tester', tasks });
  expect(body.problems.map(({ code }) => code)).toEqual(['task-type-unknown', 'prompt-empty']);
});

test('a sequential task gets the output of the one before', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const tasks = [hello, { ...hello, input: '{{task1}} again' }];
  const { body } = await ask('POST', `${api}/tasks`, { agent_id: 'tester', tasks, sequential: true });
  expect(fake.prompts.map(({ body }) => body.prompt)).toEqual(['Say hello', `${body.tasks[0]?.output} again`]);
});

test('parameters of the request hold for every task that does not say otherwise', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const tasks = [hello, { ...hello, parameters: { options: { seed: 2 } } }];
  const parameters = { system: 'Be brief.', options: { seed: 1 } };
  await ask('POST', `${api}/tasks`, { agent_id: 'tester', tasks, sequential: true, parameters });
  expect(fake.prompts.map(({ body }) => [body['system'], body.options])).toEqual([
    ['Be brief.', { seed: 1 }],
    ['Be brief.', { seed: 2 }],
  ]);
});

test('keep_alive is sent once, on its own', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  await ask('POST', `${api}/tasks`, { agent_id: 'tester', tasks: [hello], keep_alive: '10m' });
  const sent = fake.requests.filter(({ path }) => path === '/api/generate');
  expect(sent.map(({ body }) => [body.prompt ?? '', body.keep_alive])).toEqual([
    ['', '10m'],
    ['Say hello', undefined],
  ]);
});

test('with stream the events come as they happen, one per line', async () => {
  await using fake = await startFakeOllama();
  const { send } = await withTester(serverRig({ fake }));
  const response = await send('POST', `${api}/tasks`, { agent_id: 'tester', tasks: [hello], stream: true });
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const events = await eventsOf(response);
  expect([events[0]?.type, events.at(-1)?.type]).toEqual(['run.started', 'run.finished']);
  const durable = events.flatMap((event) => ('seq' in event ? [event.seq] : []));
  expect(durable).toEqual(durable.map((_, index) => index + 1));
  const text = events.flatMap((event) => (event.type === 'task.delta' ? [event.text] : [])).join('');
  expect(events.find((event) => event.type === 'task.finished')?.output).toBe(text);
});
