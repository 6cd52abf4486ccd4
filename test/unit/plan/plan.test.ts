import { expect, test } from 'vitest';
import { toPlanSnapshot } from '../../../src/plan/plan.ts';
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
      },
      {
        task: 'tell',
        task_id: 'id-tell',
        type: 'generate',
        input: 'Tell of {{plan}}',
        needs: ['plan'],
        kind: 'other',
        candidates,
      },
    ],
  });
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
