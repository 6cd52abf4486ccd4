import { expect, test } from 'vitest';
import { customTask } from '../../../src/tasks/custom.ts';
import { embed } from '../../../src/tasks/embed.ts';
import { ends, host, line, planOf, problems, runEnd, settled, startPlan, statuses } from './engine-rig.ts';
import { MemoryOllama, type MemoryCall } from './memory-ollama.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index + 1}`);

function answer(call: MemoryCall): void {
  call.send('yes');
  call.finish();
}

test('twenty tasks that alternate between two models cost two loads on a server with room for one', async () => {
  const server = new MemoryOllama(host, { room: 1, onCall: answer });
  const tasks = names(20).map((name, index) => ({ name, models: [index % 2 === 0 ? 'm' : 'n'] }));
  const run = startPlan(planOf(tasks), { servers: [server] });
  await run.done;
  expect(server.loads).toBe(2);
  expect(runEnd(run.events).totals).toMatchObject({ completed: 20, model_loads: 2 });
});

test('a task that an answer sets free runs before its model is given up', async () => {
  const server = new MemoryOllama(host, { room: 1, onCall: answer });
  const plan = planOf([
    { name: 'a', models: ['m'] },
    { name: 'x', models: ['n'] },
    { name: 'b', models: ['m'], needs: ['a'] },
  ]);
  const kept = () => new Promise<void>((resolve) => setImmediate(resolve));
  const run = startPlan(plan, { servers: [server], record: kept });
  await run.done;
  expect(server.prompts.map(({ model }) => model)).toEqual(['m', 'm', 'n']);
  expect(server.loads).toBe(2);
});

test('a model that is in memory goes first', async () => {
  const server = new MemoryOllama(host, { room: 1, onCall: answer });
  server.memory.push('n');
  const plan = planOf([
    { name: 'a', models: ['m'] },
    { name: 'b', models: ['n'] },
  ]);
  const run = startPlan(plan, { servers: [server], loaded: new Map([[host, [{ name: 'n' }]]]) });
  await run.done;
  expect(server.prompts.map(({ model }) => model)).toEqual(['n', 'm']);
  expect(runEnd(run.events).totals.model_loads).toBe(1);
});

test('at most two requests are in flight per server and model, however a task spells it', async () => {
  const server = new MemoryOllama(host);
  const spelled = ['m', 'm:latest', 'library/m', 'M'];
  const run = startPlan(planOf(spelled.map((model, index) => ({ name: `t${index}`, models: [model] }))), {
    servers: [server],
  });
  await server.next();
  await server.next();
  await settled();
  expect(server.prompts).toHaveLength(2);
  server.prompts.forEach(answer);
  answer(await server.next());
  answer(await server.next());
  await run.done;
  expect(server.prompts.map(({ model }) => model)).toEqual(spelled);
});

test('no more requests are in flight than the run allows over all servers', async () => {
  const servers = ['http://a', 'http://b', 'http://c'].map((each) => new MemoryOllama(each));
  const tasks = servers.map((server) => ({ name: server.host.slice(-1), hosts: [server.host] }));
  const run = startPlan(planOf(tasks, { maxConcurrent: 2 }), { servers });
  await settled();
  expect(servers.map(({ prompts }) => prompts.length)).toEqual([1, 1, 0]);
  answer(await servers[0]!.next());
  answer(await servers[2]!.next());
  answer(await servers[1]!.next());
  await run.done;
});

test('a server with one slot gets one request at a time', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a', 'b'], { perHost: { [host]: 1 } }), { servers: [server] });
  const a = await server.next();
  await settled();
  expect(server.prompts).toHaveLength(1);
  answer(a);
  answer(await server.next());
  await run.done;
});

test('tasks without a model are limited by the run alone', async () => {
  let open = 0;
  let most = 0;
  const definition = customTask(async () => {
    most = Math.max(most, (open += 1));
    await settled();
    open -= 1;
    return 'done';
  });
  const run = startPlan(planOf(names(8).map((name) => ({ name, definition }))));
  await run.done;
  expect(most).toBe(4);
});

test('waiting tasks say what for', async () => {
  const server = new MemoryOllama(host);
  const plan = planOf([
    ...['a', 'b', 'c'],
    { name: 'd', models: ['n'] },
    { name: 'e', needs: ['a', 'b'] },
    { name: 'f', after: 'c' },
  ]);
  const run = startPlan(plan, { servers: [server] });
  await settled();
  const waiting = run.events.filter((event) => event.type === 'task.waiting');
  expect(Object.fromEntries(waiting.map((event) => [event.task, `${event.for}: ${event.detail}`]))).toEqual({
    c: `slot: a free slot of m on ${host}`,
    d: `model: n to load on ${host}`,
    e: 'needs: a, b',
    f: 'turn: c to end',
  });
  run.stop();
  await run.done;
});

test('tasks in sequence run one after another, also when one is tried again and when one fails', async () => {
  const server = new MemoryOllama(host);
  const plan = planOf([
    'a',
    { name: 'b', after: 'a' },
    { name: 'c', after: 'b' },
    { name: 'd', after: 'c', needs: ['b'] },
  ]);
  const run = startPlan(plan, { servers: [server] });
  (await server.next()).fail(problems.busy);
  await settled();
  expect(server.prompts).toHaveLength(1);
  run.clock.advance(500);
  answer(await server.next());
  (await server.next()).fail(problems.refused);
  answer(await server.next());
  await run.done;
  expect(server.prompts.map(({ input }) => input)).toEqual(['a', 'a', 'b', 'c'].map((name) => `prompt of ${name}`));
  expect(statuses(run.events)).toEqual({ a: 'completed', b: 'failed', c: 'completed', d: 'skipped' });
});

test('keep_alive is sent once per server and model, before the first prompt and never with one', async () => {
  const server = new MemoryOllama(host, { room: 2, onCall: answer });
  const options = { num_ctx: 8192 };
  const tasks = [...names(4).map((name) => ({ name, options })), { name: 'e', models: ['n'], definition: embed }];
  const run = startPlan(planOf(tasks, { keep_alive: '10m' }), { servers: [server] });
  await run.done;
  expect(server.keepAlives).toEqual([
    { model: 'm', keep_alive: '10m', options },
    { model: 'n', keep_alive: '10m' },
  ]);
  expect(server.loads).toBe(2);
  expect(runEnd(run.events).totals.model_loads).toBe(2);
});

test('a keep_alive of zero unloads each model after the last prompt', async () => {
  const server = new MemoryOllama(host, { room: 2, onCall: answer });
  const plan = planOf(['a', { name: 'b', models: ['n'] }], { keep_alive: '0' });
  const run = startPlan(plan, { servers: [server] });
  await run.done;
  expect(server.keepAlives.map(({ model, keep_alive }) => [model, keep_alive])).toEqual([
    ['m', 0],
    ['n', 0],
  ]);
  expect(server.memory).toEqual([]);
  expect(run.events.at(-1)?.type).toBe('run.finished');
});

/** A server whose loads end when they are given up. */
function loadingForEver(): MemoryOllama {
  const server = new MemoryOllama(host);
  const generate = server.generate.bind(server);
  server.generate = async function* (request, options) {
    if (request.prompt === '')
      await new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(new Error('gone'))));
    yield* generate(request, options);
  };
  return server;
}

test.each([
  ['ten minutes', 1_000, 600_000],
  ['as long as an attempt may take', 900_000, 900_000],
])('a load with keep_alive is given %s, then the prompt goes out', async (_, timeoutMs, longestMs) => {
  const server = loadingForEver();
  const run = startPlan(planOf([{ name: 'a', timeoutMs }], { keep_alive: '5m' }), { servers: [server] });
  await settled();
  run.clock.advance(longestMs - 1);
  await settled();
  expect(server.prompts).toEqual([]);
  run.clock.advance(1);
  answer(await server.next());
  await run.done;
  expect(runEnd(run.events).status).toBe('completed');
  expect(run.clock.pending).toBe(0);
});

test('a load with keep_alive ends with the run', async () => {
  const run = startPlan(planOf(['a'], { keep_alive: '5m' }), { servers: [loadingForEver()] });
  await settled();
  run.stop();
  await run.done;
  expect([runEnd(run.events).status, run.clock.pending]).toEqual(['cancelled', 0]);
});

test('an attempt that ran out of time before its model answered at all says that the load may be why', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf([{ name: 'a', timeoutMs: 1_000 }]), { servers: [server] });
  await server.next();
  run.clock.advance(1_000);
  await run.done;
  expect(ends(run.events)['a']?.problem).toMatchObject({
    code: 'timeout',
    hint: 'the model had to be loaded first: give it longer with --timeout, or set --keepalive, which has it loaded before the prompt',
  });
});

test('one whose model was in memory says nothing of loads', async () => {
  const server = new MemoryOllama(host);
  const loaded = new Map([[host, [{ name: 'm:latest' }]]]);
  server.memory.push('m:latest');
  const run = startPlan(planOf([{ name: 'a', timeoutMs: 1_000 }]), { servers: [server], loaded });
  await server.next();
  run.clock.advance(1_000);
  await run.done;
  expect(ends(run.events)['a']?.problem?.hint).toBe('give it longer with --timeout, or timeout_seconds of the agent');
});

test('the events of a task come in order: started, deltas, finished', async () => {
  const server = new MemoryOllama(host, { onCall: answer });
  const run = startPlan(planOf(['a']), { servers: [server] });
  await run.done;
  expect(line(run.events)).toEqual([
    'run.started',
    'task.started a',
    'task.delta a',
    'task.finished a',
    'run.finished',
  ]);
  expect(ends(run.events)['a']).toMatchObject({ output: 'yes', needs: [], attempts: 1 });
});
