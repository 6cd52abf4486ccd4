import { expect, test } from 'vitest';
import { toPlanSnapshot } from '../../../src/plan/to-plan-snapshot.ts';
import { fleetOf } from '../routing/fleet.ts';
import { specOf, workflowOf } from '../spec/spec-rig.ts';
import { planOf } from './plan-rig.ts';

test('a plan shows each task with its prompt as typed, its needs and where it may go', () => {
  const plan = planOf(workflowOf(['plan:Plan a trip', 'tell:Tell of {{ steps.plan.output }}']), {
    models: ['llama3.2'],
  });
  const candidates = [{ model: 'llama3.2', host: 'http://a', reasons: ["first of the agent's models"] }];
  expect(toPlanSnapshot(plan, (name) => `id-${name}`)).toEqual({
    tasks: [
      {
        task: 'plan',
        task_id: 'id-plan',
        type: 'generate',
        input: 'Plan a trip',
        needs: [],
        kind: 'other',
        candidates,
        prompt_tokens: 3,
      },
      {
        task: 'tell',
        task_id: 'id-tell',
        type: 'generate',
        input: 'Tell of {{plan}}',
        needs: ['plan'],
        kind: 'other',
        candidates,
        prompt_tokens: 2,
        prompt_incomplete: true,
      },
    ],
    order: ['plan', 'tell'],
    longest_path: ['plan', 'tell'],
  });
});

test('the order is that of the start, and tasks in a sequence name the one before them', () => {
  const spec = specOf(
    [
      { type: 'generate', input: 'x' },
      { type: 'generate', input: 'y' },
      { type: 'generate', input: '{{previous}}' },
    ],
    { sequential: true },
  );
  const plan = toPlanSnapshot(planOf(spec));
  expect(plan).toMatchObject({
    order: ['task1', 'task2', 'task3'],
    longest_path: ['task1', 'task2', 'task3'],
    tasks: [{ needs: [] }, { needs: [], after: 'task1' }, { needs: ['task2'] }],
  });
  expect(plan.tasks[2]).not.toHaveProperty('after');
});

test('tasks that wait for nothing have no order to tell', () => {
  expect(Object.keys(toPlanSnapshot(planOf(specOf([{ type: 'generate', input: 'x' }]))))).toEqual(['tasks']);
});

test('a dry run gives no ids', () => {
  const { tasks } = toPlanSnapshot(planOf(specOf([{ type: 'generate', input: 'x' }])));
  expect(JSON.parse(JSON.stringify(tasks[0]))).not.toHaveProperty('task_id');
});

test('warnings and problems are shown where there are any', () => {
  const spec = specOf([
    { type: 'generate', input: '{{a}}' },
    { type: 'embed', input: 'x' },
  ]);
  expect(toPlanSnapshot(planOf(spec, {}, fleetOf('llama3.2'))).tasks).toMatchObject([
    { warnings: [{ code: 'braces-as-typed', message: '{{a}} is sent as typed' }] },
    { problem: { code: 'model-missing' }, candidates: [] },
  ]);
});

test('whoever changes a snapshot changes no plan', () => {
  const plan = planOf(specOf([{ type: 'generate', input: 'x' }]));
  const [first] = toPlanSnapshot(plan).tasks[0]?.candidates.splice(0) ?? [];
  Object.assign(first ?? {}, { model: 'other' });
  first?.reasons.push('other');
  expect(plan.tasks[0]?.candidates.map(({ model, reasons }) => [model, reasons.length])).toEqual([
    ['llama3.2', 1],
    ['codellama', 1],
  ]);
});
