import { expect, test } from 'vitest';
import { ends, host, line, planOf, problems, runEnd, settled, startPlan, statuses } from './engine-rig.ts';
import { MemoryOllama, unreachable } from './memory-ollama.ts';

const echo = (): MemoryOllama =>
  new MemoryOllama(host, {
    room: 4,
    onCall: (call) => {
      call.send(`<${String(call.input)}>`);
      call.finish();
    },
  });

test('a run begins with run.started and ends with run.finished', async () => {
  const run = startPlan(planOf(['a', 'b']), { servers: [echo()] });
  await run.done;
  expect(run.events[0]?.type).toBe('run.started');
  expect(runEnd(run.events)).toMatchObject({ status: 'completed', totals: { tasks: 2, completed: 2 } });
});

test('an output fills the placeholder of the task that needs it', async () => {
  const run = startPlan(planOf(['a', { name: 'b', needs: ['a'] }]), { servers: [echo()] });
  await run.done;
  expect(ends(run.events)['b']?.input).toBe('prompt of b <prompt of a>');
});

test('durable events are numbered without a gap, and deltas name the number before them', async () => {
  const run = startPlan(planOf(['a', { name: 'b', needs: ['a'] }]), { servers: [echo()] });
  await run.done;
  const numbers = run.events.flatMap((event) => ('seq' in event ? [event.seq] : []));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  let last = 0;
  for (const event of run.events) {
    if (event.type === 'task.delta') expect(event.after).toBe(last);
    if ('seq' in event) last = event.seq;
  }
});

test('deltas tell their place in the text of their attempt', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a']), { servers: [server] });
  const call = await server.next();
  for (const text of ['né', '🎉', '!']) call.send(text);
  call.finish();
  await run.done;
  const deltas = run.events.filter((event) => event.type === 'task.delta');
  expect(deltas.map(({ offset, text }) => [offset, text])).toEqual([
    [0, 'né'],
    [2, '🎉'],
    [4, '!'],
  ]);
});

test('a failed task leaves the others alone and skips those that need it, with the reason', async () => {
  const server = new MemoryOllama(host);
  const plan = planOf(['a', { name: 'b', needs: ['a'] }, { name: 'c', needs: ['b'] }, 'd']);
  const run = startPlan(plan, { servers: [server] });
  (await server.next()).fail(problems.refused);
  (await server.next()).finish();
  await run.done;
  expect(statuses(run.events)).toEqual({ a: 'failed', b: 'skipped', c: 'skipped', d: 'completed' });
  expect(ends(run.events)['b']?.problem?.message).toBe('a, which b needs, did not complete: http://gpu1 says no');
  expect(ends(run.events)['c']?.problem?.message).toBe(
    'b, which c needs, was skipped, because a did not complete: http://gpu1 says no',
  );
  expect(runEnd(run.events)).toMatchObject({ status: 'failed', error: '1 of 4 tasks failed' });
});

test('a chain of ten thousand steps is skipped without growing messages or the stack', async () => {
  const chain = Array.from({ length: 10_000 }, (_, index) => ({
    name: `s${index}`,
    needs: index === 0 ? [] : [`s${index - 1}`],
  }));
  const server = new MemoryOllama(host, { onCall: (call) => call.fail(problems.refused) });
  const run = startPlan(planOf(chain), { servers: [server] });
  await run.done;
  expect(runEnd(run.events).totals).toMatchObject({ failed: 1, skipped: 9_999 });
  expect(ends(run.events)['s9999']?.problem?.message.length).toBeLessThan(150);
});

test('a task that cannot run at all fails unsent while others run', async () => {
  const problem = { code: 'model-incapable', message: "model 'm' cannot see" } as const;
  const run = startPlan(planOf([{ name: 'a', problem }, 'b']), { servers: [echo()] });
  await run.done;
  expect(statuses(run.events)).toEqual({ a: 'failed', b: 'completed' });
  expect(ends(run.events)['a']).not.toHaveProperty('metrics');
  expect(line(run.events, 'task.started')).toEqual(['task.started b']);
});

test('a prompt that its placeholders leave empty is not sent', async () => {
  const server = new MemoryOllama(host);
  const plan = planOf(['a', { name: 'b', needs: ['a'] }]);
  plan.tasks[1]!.spec.prompt = [{ output: 'a' }];
  const run = startPlan(plan, { servers: [server] });
  (await server.next()).finish();
  await run.done;
  expect(ends(run.events)['b']).toMatchObject({ status: 'failed', attempts: 0, problem: { code: 'prompt-empty' } });
  expect(server.prompts).toHaveLength(1);
});

test('with fail-fast nothing starts after the failure, and what runs ends', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a', 'b', 'c', 'd'], { failFast: true }), { servers: [server] });
  const [a, b] = [await server.next(), await server.next()];
  a.fail(problems.refused);
  await settled();
  b.finish();
  await run.done;
  expect(statuses(run.events)).toEqual({ a: 'failed', b: 'completed', c: 'skipped', d: 'skipped' });
  expect(ends(run.events)['c']?.problem).toMatchObject({ code: 'fail-fast' });
});

test('with fail-fast a task that waits for its next attempt fails with what it met', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a', 'b'], { failFast: true }), { servers: [server] });
  const [a, b] = [await server.next(), await server.next()];
  a.fail(problems.busy);
  await settled();
  b.fail(problems.refused);
  await run.done;
  expect(ends(run.events)['a']).toMatchObject({ status: 'failed', problem: { code: 'server-busy' } });
  expect(run.clock.pending).toBe(0);
});

test('a stopped run closes its requests and cancels what has not ended', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a', 'b', 'c', { name: 'd', needs: ['a'] }]), { servers: [server] });
  const call = await server.next();
  call.send('so far');
  await settled();
  run.stop();
  await run.done;
  expect(call.signal.aborted).toBe(true);
  expect(statuses(run.events)).toEqual({ a: 'cancelled', b: 'cancelled', c: 'cancelled', d: 'cancelled' });
  expect(ends(run.events)['a']).toMatchObject({ partial_output: 'so far' });
  expect(runEnd(run.events)).toMatchObject({ status: 'cancelled', problem: { code: 'cancelled' } });
});

test('a run that is stopped before it begins sends nothing', async () => {
  const server = echo();
  const run = startPlan(planOf(['a']), {
    servers: [server],
    onEvent: (event, { stop }) => event.type === 'run.started' && stop(),
  });
  await run.done;
  expect(server.prompts).toEqual([]);
  expect(statuses(run.events)).toEqual({ a: 'cancelled' });
});

test('a run that is stopped while the server is asked for its models sends no prompt and starts no task', async () => {
  const server = echo();
  let answer: () => void = () => undefined;
  server.loaded = () => new Promise((resolve) => (answer = () => resolve([])));
  const run = startPlan(planOf(['a']), { servers: [server] });
  await settled();
  run.stop();
  answer();
  await run.done;
  expect(server.prompts).toEqual([]);
  expect(line(run.events, 'task.started', 'task.finished')).toEqual(['task.finished a']);
  expect(statuses(run.events)).toEqual({ a: 'cancelled' });
});

test('a run that is stopped during the wait for a retry leaves no timer behind', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a']), { servers: [server] });
  (await server.next()).fail(problems.busy);
  await settled();
  run.stop();
  await run.done;
  expect(statuses(run.events)).toEqual({ a: 'cancelled' });
  expect(run.clock.pending).toBe(0);
});

test('the time limit of the run cancels what is in flight and what waits, and the run has failed', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(['a', 'b', 'c'], { runTimeoutMs: 30_000 }), { servers: [server] });
  const [a, b] = [await server.next(), await server.next()];
  a.finish();
  await settled();
  run.clock.advance(30_000);
  await run.done;
  expect(b.signal.aborted).toBe(true);
  expect(statuses(run.events)).toEqual({ a: 'completed', b: 'cancelled', c: 'cancelled' });
  expect(runEnd(run.events)).toMatchObject({
    status: 'failed',
    error: 'the run took longer than its limit of 30s',
    problem: { code: 'run-timeout' },
  });
  expect(run.clock.pending).toBe(0);
});

test('a server that stays out of reach is given up, and what waits for it fails at once', async () => {
  const server = new MemoryOllama(host, { onCall: (call) => call.fail(unreachable(host)) });
  const run = startPlan(planOf(['a', 'b', 'c', 'd']), { servers: [server] });
  for (let left = 100; left > 0 && run.clock.pending > 0; left -= 1) {
    await settled();
    run.clock.advance(run.clock.untilNext ?? 0);
  }
  await run.done;
  expect(Object.values(statuses(run.events))).toEqual(['failed', 'failed', 'failed', 'failed']);
  expect(run.events.filter(({ type }) => type === 'host.changed')).toHaveLength(1);
  expect(ends(run.events)['d']).toMatchObject({ problem: { code: 'host-unreachable' } });
  expect(run.clock.pending).toBe(0);
});
