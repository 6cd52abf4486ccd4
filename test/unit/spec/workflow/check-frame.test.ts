import { expect, test } from 'vitest';
import type { Problem } from '../../../../src/errors/problem.ts';
import { maxItems } from '../../../../src/spec/workflow/check-frame.ts';
import type { Spec } from '../../../../src/spec/spec.ts';
import { loadSpec } from '../../../../src/spec/load-spec.ts';
import type { StepInput } from '../../../../src/spec/workflow/step-objects.ts';
import { testHost } from '../../../rig/test-host.ts';
import { problemsOfAsync } from '../problems-of.ts';
import { specContext } from '../spec-rig.ts';

const load = (steps: readonly unknown[], vars: Record<string, string> = {}): Promise<Spec> =>
  loadSpec({ run_type: 'workflow', tasks: steps as StepInput[], vars }, specContext(), testHost({}));

const plan = { name: 'plan', type: 'generate', prompt: 'P' };
const own = { name: 'own', type: 'generate', prompt: 'O' };

const problemsOf = (step: Record<string, unknown>, vars?: Record<string, string>): Promise<readonly Problem[]> =>
  problemsOfAsync(load([plan, { ...own, ...step }], vars));

test('a step says when, how often and by whom it is done', async () => {
  const { tasks } = await load([
    plan,
    {
      ...own,
      type: 'chat',
      if: "steps.plan.output != ''",
      foreach: ['a', { b: [1] }, null],
      max_parallel: 2,
      continue_on_error: true,
      agent: ' helper ',
      context: 'previous',
    },
  ]);
  expect(tasks[1]).toMatchObject({
    needs: ['plan'],
    condition: { source: "steps.plan.output != ''", steps: ['plan'] },
    foreach: { in: ['a', { b: [1] }, null], max_parallel: 2 },
    continue_on_error: true,
    agent: 'helper',
    context: 'previous',
  });
});

test('a list may come from an expression, whose steps are needed', async () => {
  const { tasks } = await load([plan, { ...own, foreach: 'fromJSON(steps.plan.output)', prompt: '{{item.x}}' }]);
  expect(tasks[1]).toMatchObject({
    needs: ['plan'],
    prompt: [{ item: ['x'] }],
    foreach: { in: { source: 'fromJSON(steps.plan.output)' } },
  });
});

test('a list may be empty', async () => {
  expect((await load([{ ...own, foreach: [], prompt: '{{item.any}}' }])).tasks[0]?.foreach?.in).toEqual([]);
});

test.each([
  [true, 'true'],
  [0, '0'],
  ['${{ always() }}', 'always()'],
])('the condition %j is %j', async (condition, source) => {
  expect((await load([{ ...own, if: condition }])).tasks[0]?.condition?.source).toBe(source);
});

test('keys without a value are as good as absent', async () => {
  const [task] = (await load([{ ...own, if: null, foreach: null, max_parallel: null, needs: null, agent: null }]))
    .tasks;
  expect([task?.condition, task?.foreach, task?.agent, task?.needs]).toEqual([undefined, undefined, undefined, []]);
});

test('items and values in them are filled in in prompt and system', async () => {
  const [task] = (await load([{ ...own, foreach: [{ a: 1 }], prompt: '{{item}}', system: '{{item.a}}' }])).tasks;
  expect([task?.prompt, task?.system]).toEqual([[{ item: [] }], [{ item: ['a'] }]]);
});

test.each([
  ['a, b c', "did you mean '[a, b c]'?"],
  ['1, 2', "did you mean '[1, 2]'?"],
  ['a;b, c', `did you mean '["a;b", c]'?`],
  ['["a"]', `did you mean '["a"]'?`],
  ['plan', "did you mean 'fromJSON(steps.plan.output)'?"],
  ['list', "did you mean 'fromJSON(vars.list)'?"],
  ['plam', 'known: vars, env, steps'],
])('the list %j is told to be none', async (foreach, hint) => {
  const [problem] = await problemsOf({ foreach, prompt: '{{item.x}}' }, { list: '[]' });
  expect(problem).toMatchObject({ code: 'expression-invalid', hint: expect.stringContaining(hint) as string });
});

test('a list that is wrong is one all the same', async () => {
  const codes = (await problemsOf({ foreach: { a: 1 }, max_parallel: 2, prompt: '{{item.x}}' })).map(
    ({ code }) => code,
  );
  expect(codes).toEqual(['task-invalid']);
});

test('a list has a longest length', async () => {
  const [problem] = await problemsOf({ foreach: Array.from({ length: maxItems + 1 }, () => 1) });
  expect(problem).toMatchObject({
    code: 'input-too-large',
    message: expect.stringContaining('10001 elements') as string,
  });
});

test('earlier steps come as messages only to a type that takes messages', async () => {
  expect(await problemsOf({ context: 'previous' })).toMatchObject([
    { code: 'task-invalid', hint: "remove it, or write 'type: chat'" },
  ]);
});

test('earlier steps that are to come as messages, and are none, are told', async () => {
  const { tasks } = await load([{ ...own, type: 'chat', context: 'previous' }]);
  expect(tasks[0]?.warnings).toEqual([
    { code: 'field-ignored', message: "'context' brings nothing: the step needs no other" },
  ]);
});

test('a circle through a condition is told', async () => {
  const problems = await problemsOfAsync(
    load([
      { ...plan, if: "steps.own.status == 'failed'" },
      { ...own, prompt: '{{plan}}' },
    ]),
  );
  expect(problems).toMatchObject([{ code: 'cycle', message: 'steps need each other in a circle: plan → own → plan' }]);
});
