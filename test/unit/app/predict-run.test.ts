import { expect, test } from 'vitest';
import { predictRun } from '../../../src/app/predict-run.ts';
import type { Fleet } from '../../../src/ollama/fleet.ts';
import { embed } from '../../../src/tasks/embed.ts';
import { toPlanSnapshot } from '../../../src/plan/to-plan-snapshot.ts';
import { host, planOf, runEnd, type TaskDraft } from '../engine/engine-rig.ts';
import { runVirtually } from '../engine/virtual-ollama.ts';

const fleet = (loaded: string[] = [], hosts = [host]): Fleet => ({
  hosts: hosts.map((url) => ({
    url,
    models: ['a', 'b', 'c'].map((name) => ({
      ...{ name: `${name}:latest`, digest: name, size_bytes: 4_500_000_000 },
      ...(loaded.includes(name) && { loaded: {} }),
    })),
  })),
});

function predict(drafts: TaskDraft[], on = fleet()) {
  const plan = planOf(drafts);
  return predictRun(plan, on, toPlanSnapshot(plan));
}

const alternating = (count: number, more: Partial<TaskDraft> = {}): TaskDraft[] =>
  Array.from({ length: count }, (_, index) => ({ name: `t${index}`, models: ['ab'[index % 2]!], ...more }));

test('a flat list is predicted to cost one load per model', () => {
  expect(predict(alternating(20))?.model_loads).toBe(2);
});

test('what is in memory costs no load', () => {
  expect(predict(alternating(20), fleet(['a']))?.model_loads).toBe(1);
  expect(predict(alternating(20), fleet(['a', 'b']))?.model_loads).toBe(0);
});

test('loads take as long as the size of a model says, answers as many tokens as they may have', () => {
  const short = predict(alternating(20, { options: { num_predict: 10 } }));
  const long = predict(alternating(20));
  expect(short?.total_ns).toBeGreaterThan(2 * 5e9);
  expect(long!.total_ns).toBeGreaterThan(short!.total_ns * 2);
  expect(long?.duration).toMatch(/^[\d.ms]+$/);
});

const measured = { tasks: 20, completed: 20, load_ms: 700, answer_ms: 50, prompt_tokens: 4, output_tokens: 30 };

test('loads and answers take what they took in earlier runs, and it says so', () => {
  const known: Fleet = {
    hosts: fleet().hosts.map((each) => ({ ...each, models: each.models.map((model) => ({ ...model, measured })) })),
  };
  const predicted = predict(alternating(20), known);
  expect(predicted?.total_ns).toBeGreaterThan(2 * 0.7e9 + 20 * 0.04e9);
  expect(predicted?.total_ns).toBeLessThan(2 * 0.7e9 + 20 * 0.07e9);
  expect(predicted?.based_on).toBe('measured');
  expect(predict(alternating(20))?.based_on).toBe('sizes');
});

test('a model that was measured on another server counts as measured, one that never was does not', () => {
  const hosts = [host, 'http://gpu2'];
  const [first, second] = fleet([], hosts).hosts;
  const withMeasured = (names: string): Fleet => ({
    hosts: [
      first!,
      {
        ...second!,
        models: second!.models.map((each) => ({ ...each, ...(names.includes(each.digest) && { measured }) })),
      },
    ],
  });
  expect(predict(alternating(4), withMeasured('ab'))?.based_on).toBe('measured');
  expect(predict(alternating(4), withMeasured('a'))?.based_on).toBe('both');
});

test('a second server halves a long list', () => {
  const hosts = [host, 'http://gpu2'];
  const one = predict(alternating(400, { models: ['a'] }));
  const two = predict(alternating(400, { models: ['a'], hosts }), fleet([], hosts));
  expect(one!.total_ns / two!.total_ns).toBeGreaterThan(1.8);
});

test('lists that are known are counted with all their elements, others with one', () => {
  const items = (foreach: TaskDraft['foreach']): TaskDraft[] => [
    { name: 's', models: ['a'] },
    { name: 'each', models: ['a'], needs: ['s'], foreach: foreach! },
  ];
  const known = predict(items(['x', 'y', 'z']))!.total_ns;
  const unknown = predict(items('fromJSON(steps.s.output)'))!.total_ns;
  expect(known).toBeGreaterThan(unknown * 1.2);
});

test('a task that cannot run costs nothing, nor do those that need it', () => {
  const drafts: TaskDraft[] = [
    { name: 'bad', problem: { code: 'model-incapable', message: 'no' } },
    { name: 'after', models: ['b'], needs: ['bad'] },
    { name: 'good', models: ['a'] },
  ];
  expect(predict(drafts)?.model_loads).toBe(1);
});

test('texts to embed share their requests', () => {
  const texts = Array.from({ length: 100 }, (_, index) => ({ name: `t${index}`, models: ['a'], definition: embed }));
  expect(predict(texts)?.model_loads).toBe(1);
});

test('the loads of a run are those that were predicted', async () => {
  const drafts: TaskDraft[] = [
    { name: 'a1', models: ['a'] },
    { name: 'b1', models: ['b'] },
    { name: 'a2', models: ['a'], needs: ['b1'] },
    { name: 'c1', models: ['c'], needs: ['a1', 'a2'] },
    { name: 'b2', models: ['b'], needs: ['a1'] },
  ];
  const { events } = await runVirtually(planOf(drafts), { servers: { [host]: { models: { a: {}, b: {}, c: {} } } } });
  expect(predict(drafts)?.model_loads).toBe(runEnd(events).totals.model_loads);
});
