import { expect, test } from 'vitest';
import { formatPlan, formatPlanReport } from '../../../src/cli/format-plan.ts';
import type { PlannedTask, PlanSnapshot } from '../../../src/events/plan-snapshot.ts';

const candidate = { model: 'llama3.2', host: 'http://a', reasons: ["first of the agent's models"] };

function planned(task: string, more: Partial<PlannedTask> = {}): PlannedTask {
  return { task, type: 'generate', input: 'x', needs: [], kind: 'other', candidates: [candidate], ...more };
}

const review: PlanSnapshot = {
  tasks: [
    planned('merge', { needs: ['review'], prompt_tokens: 10, prompt_incomplete: true, context_length: 8192 }),
    planned('list', { type: 'chat', prompt_tokens: 120, context_length: 8192 }),
    planned('review', {
      ...{ needs: ['list'], kind: 'code', prompt_tokens: 7, prompt_incomplete: true },
      candidates: [{ model: 'codellama', host: 'http://b', reasons: ['made for code'] }],
      ...{ foreach: 'fromJSON(steps.list.output)', if: 'success()', continue_on_error: true },
      warnings: [{ code: 'model-fallback', message: 'another model takes its place' }],
    }),
  ],
  order: ['list', 'review', 'merge'],
  longest_path: ['list', 'review', 'merge'],
};

test('the plan of a workflow: its graph, order, sizes, steering, and where steps go and why', async () => {
  expect((await formatPlan(review, 'step')).split('\n')).toEqual([
    '3 steps, longest path 3: list → review → merge',
    '',
    'STAGE  STEP    TYPE      KIND   MODEL      PROMPT        NEEDS',
    '    1  list    chat      other  llama3.2   ~120 of 8192',
    '    2  review  generate  code   codellama  ~7+           list',
    '         if success()',
    '         for each of fromJSON(steps.list.output)',
    '         may fail',
    '    3  merge   generate  other  llama3.2   ~10+ of 8192  review',
    '',
    'PROMPT: tokens of the context, estimated; +: outputs of other steps are to come',
    "llama3.2 on http://a: first of the agent's models (merge, list)",
    'codellama on http://b: made for code (review)',
    '',
    'warning: review: another model takes its place',
    '',
  ]);
});

test('tasks that do not wait for one another have no stages', async () => {
  const problem = { code: 'model-missing', message: 'no such model', hint: 'ollama pull x' } as const;
  const failing = planned('c', { candidates: [], problem });
  const plan = { tasks: [planned('a', { prompt_tokens: 1 }), planned('b', { prompt_tokens: 2 }), failing] };
  expect((await formatPlan(plan, 'task')).split('\n')).toEqual([
    '3 tasks, none waits for another',
    '',
    'TASK  TYPE      KIND   MODEL     PROMPT',
    'a     generate  other  llama3.2  ~1',
    'b     generate  other  llama3.2  ~2',
    'c     generate  other  -         -',
    '',
    'PROMPT: tokens of the context, estimated',
    "llama3.2 on http://a: first of the agent's models",
    '',
    'error: c: no such model',
    '  ollama pull x',
    '',
  ]);
});

test('what is to be said of many tasks is said once', async () => {
  const tasks = Array.from({ length: 9 }, (_, index) =>
    planned(`t${index}`, { warnings: [{ code: 'x', message: 'look out' }] }),
  );
  expect(await formatPlan({ tasks }, 'task')).toContain('\nwarning: t0, t1, t2, t3, t4 and 4 more: look out\n');
});

test('a task that only comes after another says so', async () => {
  const plan = { tasks: [planned('a'), planned('b', { after: 'a' })], order: ['a', 'b'], longest_path: ['a', 'b'] };
  expect(await formatPlan(plan, 'task')).toMatch(/^ {4}2 {2}b .*after a$/m);
});

test('a long path is cut in its middle', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
  const tasks = names.map((name, index) => planned(name, { needs: names.slice(0, index).slice(-1) }));
  const [first] = (await formatPlan({ tasks, order: names, longest_path: names }, 'step')).split('\n');
  expect(first).toBe('12 steps, longest path 12: s0 → s1 → s2 → s3 → … → s9 → s10 → s11');
});

test('the report holds the same, escaped', () => {
  const task = planned('a', { if: 'vars.x == `y`', candidates: [{ ...candidate, model: 'a|b' }] });
  expect(formatPlanReport({ tasks: [task] }, 'step').split('\n')).toEqual([
    '1 step.',
    '',
    '| step | type | kind | model | prompt |',
    '| --- | --- | --- | --- | --- |',
    '| a | generate | other | a\\|b | - |',
    '',
    '- a: if vars.x == \\`y\\`',
    "- a\\|b on http://a: first of the agent's models",
    '',
  ]);
});
