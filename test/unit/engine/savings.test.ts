import { expect, test } from 'vitest';
import { host, planOf, runEnd, type TaskDraft } from './engine-rig.ts';
import { runVirtually, type VirtualServerDraft } from './virtual-ollama.ts';

const alternating = (count: number, more: (index: number) => Partial<TaskDraft> = () => ({})) =>
  planOf(
    Array.from({ length: count }, (_, index) => ({
      name: `t${index}`,
      models: [index % 2 === 0 ? 'a' : 'b'],
      ...more(index),
    })),
  );

async function totalsOf(plan: ReturnType<typeof planOf>, server: Partial<VirtualServerDraft> = {}) {
  const { events } = await runVirtually(plan, { servers: { [host]: { models: { a: {}, b: {} }, ...server } } });
  return runEnd(events).totals;
}

test('the loads that asking for tasks as they came would have cost more are told, with their time', async () => {
  const totals = await totalsOf(alternating(20));
  expect(totals.model_loads).toBe(2);
  expect(totals.loads_saved).toBeGreaterThan(5);
  expect(totals.time_saved_ns).toBe(totals.loads_saved! * 5e9);
});

test.each([
  ['there was one model', planOf(['x', 'y'].map((name) => ({ name, models: ['a'] }))), {}],
  ['there was room for both models', alternating(20), { maxLoaded: 2 }],
  ['the tasks run one after another', alternating(8, (index) => (index > 0 ? { after: `t${index - 1}` } : {})), {}],
  ['each task needs the one before', alternating(8, (index) => (index > 0 ? { needs: [`t${index - 1}`] } : {})), {}],
])('nothing is said of savings when %s', async (_title, plan, server) => {
  expect(await totalsOf(plan, server)).not.toHaveProperty('loads_saved');
});
