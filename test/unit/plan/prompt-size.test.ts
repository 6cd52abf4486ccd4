import { expect, test } from 'vitest';
import type { Fleet } from '../../../src/ollama/fleet.ts';
import { toPlanSnapshot } from '../../../src/plan/to-plan-snapshot.ts';
import { hostOf } from '../routing/fleet.ts';
import { specOf, typesWithCustom, workflowOf } from '../spec/spec-rig.ts';
import { planOf } from './plan-rig.ts';

const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');

function fleetWith(context_length: number | undefined): Fleet {
  const host = hostOf('http://a', 'llama3.2');
  return { hosts: [{ ...host, models: host.models.map((model) => ({ ...model, context_length })) }] };
}

const firstOf = (...args: Parameters<typeof planOf>) => toPlanSnapshot(planOf(...args)).tasks[0];

test('prompt, system prompt and messages count', () => {
  const task = { type: 'chat', input: words(3), system: words(4), messages: [{ role: 'user', content: words(5) }] };
  expect(firstOf(specOf([task]))).toMatchObject({ prompt_tokens: 12 });
});

test('the system prompt of the agent counts where the task has none', () => {
  expect(firstOf(specOf([{ type: 'generate', input: words(3) }]), { system: words(2) })?.prompt_tokens).toBe(5);
});

test('an output that is to come counts as nothing, and is said to be missing', () => {
  const { tasks } = toPlanSnapshot(planOf(workflowOf([`a:${words(2)}`, `b:${words(3)}{{a}}`])));
  expect(tasks.map(({ prompt_tokens, prompt_incomplete }) => [prompt_tokens, prompt_incomplete])).toEqual([
    [2, undefined],
    [3, true],
  ]);
});

test.each([
  ['what the model was trained for', 8192, {}, 8192],
  ['num_ctx', 8192, { num_ctx: 4096 }, 4096],
  ['no more than the model was trained for', 8192, { num_ctx: 100_000 }, 8192],
  ['num_ctx alone, when nothing is known of the model', undefined, { num_ctx: 4096 }, 4096],
  ['not known', undefined, {}, undefined],
])('the context is %s', (_what, trained, options, expected) => {
  const task = firstOf(specOf([{ type: 'generate', input: 'x', options }]), {}, fleetWith(trained));
  expect(task?.context_length).toBe(expected);
});

test('a prompt that does not fit is warned of, with both numbers', () => {
  const spec = specOf([{ type: 'generate', input: words(20), options: { num_ctx: 16 } }]);
  expect(firstOf(spec, {}, fleetWith(8192))?.warnings).toEqual([
    {
      code: 'prompt-size',
      message: 'the prompt has about 20 tokens, the context of llama3.2 holds 16: a larger num_ctx makes room',
    },
  ]);
  expect(firstOf(specOf([{ type: 'generate', input: words(20) }]), {}, fleetWith(16))?.warnings).toEqual([
    {
      code: 'prompt-size',
      message: 'the prompt has about 20 tokens, the context of llama3.2 holds 16: it was trained for no more',
    },
  ]);
});

test('a task without a model has no size', () => {
  const spec = specOf([{ type: 'custom', input: words(20) }], { taskTypes: typesWithCustom });
  expect(firstOf(spec)).not.toHaveProperty('prompt_tokens');
});

test('the warning is of the plan alone: the run finds out', () => {
  const plan = planOf(specOf([{ type: 'generate', input: words(20) }]), {}, fleetWith(16));
  toPlanSnapshot(plan);
  expect(plan.tasks[0]?.warnings).toEqual([]);
});
