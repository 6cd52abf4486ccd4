import { expect, test } from 'vitest';
import { ends, host, planOf, runEnd, settled, startPlan, statuses } from './engine-rig.ts';
import { MemoryOllama } from './memory-ollama.ts';

const chain = (names: string) =>
  names.split('').map((name, index, all) => ({ name, needs: all.slice(0, index).slice(-1) }));

const answering = (): MemoryOllama =>
  new MemoryOllama(host, {
    onCall: (call) => {
      call.send('x');
      call.finish({ prompt_eval_count: 10, eval_count: 5 });
    },
  });

test.each([
  [{ tokens: 16 }, { a: 'completed', b: 'completed', c: 'skipped', d: 'skipped' }, '16 tokens, 30 are used'],
  [{ tokens: 15 }, { a: 'completed', b: 'skipped', c: 'skipped', d: 'skipped' }, '15 tokens'],
  [{ loads: 1 }, { a: 'completed', b: 'skipped', c: 'skipped', d: 'skipped' }, '1 model load'],
])('with a budget of %j nothing starts once it is reached', async (budget, expected, limit) => {
  const run = startPlan(planOf(chain('abcd'), { budget }), { servers: [answering()] });
  await run.done;
  expect(statuses(run.events)).toEqual(expected);
  expect(ends(run.events)['d']?.problem?.code).toBe('budget-reached');
  expect(runEnd(run.events)).toMatchObject({
    status: 'failed',
    problem: { code: 'budget-reached', message: `the run reached its budget of ${limit}` },
  });
});

test('a budget that is reached with the last task keeps nothing from being done', async () => {
  const run = startPlan(planOf(chain('ab'), { budget: { tokens: 30 } }), { servers: [answering()] });
  await run.done;
  expect(runEnd(run.events)).toMatchObject({ status: 'completed', totals: { completed: 2 } });
});

test('when the time of the budget is over, what runs ends and nothing new starts', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf(chain('ab'), { budget: { timeMs: 5_000 } }), { servers: [server] });
  const call = await server.next();
  run.clock.advance(5_000);
  await settled();
  expect(statuses(run.events)).toEqual({ b: 'skipped' });
  call.send('late');
  call.finish();
  await run.done;
  expect(ends(run.events)['a']).toMatchObject({ status: 'completed', output: 'late' });
  expect(runEnd(run.events).problem?.message).toBe('the run reached its budget of 5s');
});
