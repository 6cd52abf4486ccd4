import { expect, test } from 'vitest';
import { embed } from '../../../src/tasks/embed.ts';
import { ends, host, line, planOf, problems, runEnd, settled, startPlan, statuses } from './engine-rig.ts';
import { MemoryOllama, unreachable, type MemoryCall } from './memory-ollama.ts';

const other = 'http://gpu2';

function answer(call: MemoryCall): void {
  call.send('yes');
  call.finish();
}

test('a busy server is asked again after a pause that grows, and the task completes', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a']), { servers: [server] });
  for (const pauseMs of [500, 1000]) {
    (await server.next()).fail(problems.busy);
    await settled();
    expect(run.clock.untilNext).toBe(pauseMs);
    run.clock.advance(pauseMs);
  }
  (await server.next()).finish();
  await run.done;
  expect(ends(run.events)['a']).toMatchObject({ status: 'completed', attempts: 3 });
  expect(line(run.events, 'task.started', 'task.retrying')).toEqual([
    'task.started a',
    'task.retrying a',
    'task.started a',
    'task.retrying a',
    'task.started a',
  ]);
});

test('a model is not given up for another one while a task of it waits for its next attempt', async () => {
  const server = new MemoryOllama(host);
  server.memory.push('m');
  const loaded = new Map([[host, [{ name: 'm' }]]]);
  const run = startPlan(planOf(['a', { name: 'b', models: ['n'] }]), { servers: [server], loaded });
  (await server.next()).fail(problems.busy);
  await settled();
  expect(server.prompts).toHaveLength(1);
  run.clock.advance(500);
  answer(await server.next());
  answer(await server.next());
  await run.done;
  expect(server.prompts.map(({ model }) => model)).toEqual(['m', 'm', 'n']);
});

test('a task that waits for its next attempt holds no slot', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a', 'b'], { maxConcurrent: 1 }), { servers: [server] });
  (await server.next()).fail(problems.busy);
  const b = await server.next();
  expect(b.input).toBe('prompt of b');
  b.finish();
  await settled();
  run.clock.advance(500);
  (await server.next()).finish();
  await run.done;
  expect(statuses(run.events)).toEqual({ b: 'completed', a: 'completed' });
});

test('an answer that had begun is not asked for again', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a']), { servers: [server] });
  const call = await server.next();
  call.send('half an ans');
  call.fail(problems.broken);
  await run.done;
  expect(ends(run.events)['a']).toMatchObject({
    status: 'failed',
    attempts: 1,
    partial_output: 'half an ans',
    problem: { code: 'stream-broken' },
  });
  expect(ends(run.events)['a']).not.toHaveProperty('output');
});

test('a connection that broke because the server died is called that', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a']), { servers: [server] });
  const call = await server.next();
  call.send('half');
  await settled();
  server.isUp = false;
  call.fail(problems.broken);
  await run.done;
  expect(ends(run.events)['a']?.problem).toMatchObject({
    code: 'host-gone',
    message: `${host} went away during the answer`,
  });
});

test('an attempt that takes longer than its limit is closed and not repeated', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf([{ name: 'a', timeoutMs: 30_000 }]), { servers: [server] });
  const call = await server.next();
  run.clock.advance(29_999);
  expect(call.signal.aborted).toBe(false);
  run.clock.advance(1);
  expect(call.signal.aborted).toBe(true);
  await run.done;
  expect(ends(run.events)['a']).toMatchObject({ attempts: 1, problem: { code: 'timeout' } });
});

test('waiting for a slot does not count towards the limit of an attempt', async () => {
  const server = new MemoryOllama(host);
  const limits = { maxConcurrent: 1 };
  const run = startPlan(planOf(['a', { name: 'b', timeoutMs: 1_000 }], limits), { servers: [server] });
  const a = await server.next();
  run.clock.advance(20_000);
  a.finish();
  (await server.next()).finish();
  await run.done;
  expect(ends(run.events)['b']).toMatchObject({ status: 'completed', metrics: { queued_ns: 20e9, total_ns: 0 } });
});

test('metrics end with the last byte, not with our look at the models afterwards', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a']), { servers: [server] });
  const call = await server.next();
  run.clock.advance(2_000);
  call.send('x');
  await settled();
  run.clock.advance(1_000);
  let look: () => void = () => undefined;
  server.loaded = () => new Promise((resolve) => (look = () => resolve([])));
  call.finish();
  await settled();
  run.clock.advance(500);
  look();
  await run.done;
  expect(ends(run.events)['a']?.metrics).toMatchObject({ total_ns: 3e9, first_token_ns: 2e9, duration: '3s' });
});

test('a model that was deleted in mid-run is replaced, which is said aloud, and not asked for again', async () => {
  const server = new MemoryOllama(host);
  const models = ['m', 'n'];
  const plan = planOf(
    ['a', 'b', 'c'].map((name) => ({ name, models })),
    { maxConcurrent: 1 },
  );
  const run = startPlan(plan, { servers: [server] });
  (await server.next()).fail(problems.missing);
  for (let left = 3; left > 0; left -= 1) answer(await server.next());
  await run.done;
  expect(server.prompts.map(({ model }) => model)).toEqual(['m', 'n', 'n', 'n']);
  const message = "model 'm' is not installed on http://gpu1; n on http://gpu1 takes its place";
  for (const name of ['a', 'b', 'c']) {
    expect(ends(run.events)[name]).toMatchObject({ model_used: 'n', warnings: [{ code: 'model-fallback', message }] });
  }
});

test('a model that was deleted and that nothing may replace fails its tasks after one request', async () => {
  const server = new MemoryOllama(host, { onCall: (call) => call.fail(problems.missing) });
  const run = startPlan(planOf(['a', 'b', 'c'], { maxConcurrent: 1 }), { servers: [server] });
  await run.done;
  expect(Object.values(ends(run.events)).map(({ problem }) => problem?.code)).toEqual([
    'model-missing',
    'model-missing',
    'model-missing',
  ]);
  expect(server.prompts).toHaveLength(1);
});

test('tasks of a server that is lost go to another one at once', async () => {
  const [gone, there] = [new MemoryOllama(host), new MemoryOllama(other)];
  const plan = planOf(['a', 'b', 'c'].map((name) => ({ name, hosts: [host, other] })));
  const run = startPlan(plan, { servers: [gone, there] });
  const [a, b] = [await gone.next(), await gone.next()];
  a.fail(unreachable(host));
  for (let left = 2; left > 0; left -= 1) (await there.next()).finish();
  b.fail(unreachable(host));
  (await there.next()).finish();
  await run.done;
  expect(Object.values(ends(run.events)).map((end) => end.host)).toEqual([other, other, other]);
  expect(run.events.filter(({ type }) => type === 'host.changed')).toMatchObject([{ host, state: 'resting' }]);
});

test('a server that comes back in time is used again', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a']), { servers: [server] });
  (await server.next()).fail(unreachable(host));
  await settled();
  run.clock.advance(500);
  (await server.next()).finish();
  await run.done;
  expect(runEnd(run.events).status).toBe('completed');
});

test('several texts to embed share one request, and each gets its own vector', async () => {
  const server = new MemoryOllama(host);
  const plan = planOf(['one', 'three'].map((name) => ({ name, definition: embed })));
  const run = startPlan(plan, { servers: [server] });
  const call = await server.next();
  expect(call.input).toEqual(['prompt of one', 'prompt of three']);
  call.finish();
  await run.done;
  expect(ends(run.events)['one']).toMatchObject({ embedding: [13, 1], output: '[13,1]' });
  expect(ends(run.events)['three']).toMatchObject({ embedding: [15, 1] });
});

test('a text that a server refuses to embed does not fail the texts that shared its request', async () => {
  const server = new MemoryOllama(host, {
    onCall: (call) => {
      if (String(call.input).includes('bad')) call.fail({ code: 'prompt-too-long', message: 'too long' });
      else call.finish();
    },
  });
  const plan = planOf(['a', 'bad', 'c'].map((name) => ({ name, definition: embed })));
  const run = startPlan(plan, { servers: [server] });
  await run.done;
  expect(statuses(run.events)).toMatchObject({ a: 'completed', bad: 'failed', c: 'completed' });
  expect(server.prompts.map(({ input }) => input.length)).toEqual([3, 1, 1, 1]);
});

test('a busy server gets the batch again as one request, after a pause', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a', 'b'].map((name) => ({ name, definition: embed }))), { servers: [server] });
  (await server.next()).fail(problems.busy);
  await settled();
  expect(server.prompts).toHaveLength(1);
  run.clock.advance(500);
  const again = await server.next();
  expect(again.input).toEqual(['prompt of a', 'prompt of b']);
  again.finish();
  await run.done;
  expect(runEnd(run.events).status).toBe('completed');
});

test('a prompt that fills the context its model was just loaded with fails as cut', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a']), { servers: [server] });
  const call = await server.next();
  call.send('yes');
  call.finish({ prompt_eval_count: 4096 });
  await run.done;
  expect(ends(run.events)['a']).toMatchObject({ status: 'failed', problem: { code: 'prompt-too-long' } });
});
