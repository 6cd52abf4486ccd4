import { expect, test } from 'vitest';
import { Meter } from '../../../src/engine/meter.ts';
import { Turns } from '../../../src/engine/turns.ts';
import { host, planOf, runEnd } from './engine-rig.ts';
import { runTogether } from './virtual-ollama.ts';

const plan = (models: string[], count: number) =>
  planOf(
    Array.from({ length: count }, (_, index) => ({ name: `t${index}`, models: [models[index % models.length]!] })),
  );

const servers = { [host]: { models: { a: {}, b: {}, c: {} } } };

const turnsOf = (prompts: string[]): number => prompts.filter((model, index) => model !== prompts[index - 1]).length;

test('runs that want different models get them turn by turn, not task by task', async () => {
  const plans = [plan(['a'], 20), plan(['b'], 20), plan(['c'], 20)];
  const run = await runTogether(plans, { servers, turns: new Turns() });
  expect(run.events.map((events) => runEnd(events).totals.completed)).toEqual([20, 20, 20]);
  expect(run.servers[0]?.loads).toBe(3);
  expect(turnsOf(run.servers[0]!.prompts)).toBe(3);
});

test('runs that want the same models share their turns', async () => {
  const plans = [plan(['a', 'b'], 20), plan(['b', 'a'], 20)];
  const run = await runTogether(plans, { servers, turns: new Turns() });
  expect(run.events.map((events) => runEnd(events).totals.completed)).toEqual([20, 20]);
  expect(run.servers[0]?.loads).toBeLessThanOrEqual(3);
});

test('a long run lets another one in when the turn of its model is over', async () => {
  const chain = planOf(
    Array.from({ length: 40 }, (_, index) => ({
      name: `t${index}`,
      models: ['a'],
      needs: index === 0 ? [] : [`t${index - 1}`],
    })),
  );
  const run = await runTogether([chain, plan(['b'], 1)], { servers, turns: new Turns() });
  const first = run.servers[0]!.prompts.findIndex((model) => model.startsWith('b'));
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(5);
  expect(run.events.map((events) => runEnd(events).totals.failed)).toEqual([0, 0]);
});

test('a run that is alone has nothing in its way', async () => {
  const alone = await runTogether([plan(['a', 'b'], 20)], { servers });
  const shared = await runTogether([plan(['a', 'b'], 20)], { servers, turns: new Turns() });
  expect(shared.ms).toBe(alone.ms);
});

test('runs that send to one model keep together to what it takes at once', async () => {
  const plans = [plan(['a'], 60), plan(['a'], 60), plan(['a'], 60)];
  const [alone] = (await runTogether([plan(['a'], 60)], { servers })).servers;
  const together = await runTogether(plans, { servers, turns: new Turns(), meter: new Meter() });
  // Each has one request under way, whatever the others do.
  expect(together.servers[0]!.mostOpen).toBeLessThanOrEqual(alone!.mostOpen + plans.length - 1);
  expect(together.events.map((events) => runEnd(events).totals.completed)).toEqual([60, 60, 60]);
});

test('runs side by side share the places of a model evenly', async () => {
  const parallel = { [host]: { models: { a: {} }, parallel: 8 } };
  const { events } = await runTogether([plan(['a'], 60), plan(['a'], 60)], {
    ...{ servers: parallel, turns: new Turns(), meter: new Meter() },
  });
  const [first, second] = events.map((each) => runEnd(each).totals.total_ns);
  expect(Math.max(first!, second!) / Math.min(first!, second!)).toBeLessThan(1.2);
});

test('a run begins with what those before it have learned', async () => {
  const parallel = { [host]: { models: { a: {} }, parallel: 8 } };
  const many = planOf(
    Array.from({ length: 200 }, (_, index) => ({ name: `t${index}`, models: ['a'] })),
    { maxConcurrent: 64 },
  );
  const few = planOf(
    Array.from({ length: 8 }, (_, index) => ({ name: `t${index}`, models: ['a'] })),
    { maxConcurrent: 64 },
  );
  const shared = { turns: new Turns(), meter: new Meter() };
  await runTogether([many], { servers: parallel, ...shared });
  const fresh = await runTogether([few], { servers: parallel });
  const later = await runTogether([few], { servers: parallel, ...shared });
  expect([fresh.servers[0]!.mostOpen < 4, later.servers[0]!.mostOpen > 4]).toEqual([true, true]);
});
