import { expect, test } from 'vitest';
import type { RunSettings } from '../../../src/plan/plan-run.ts';
import { fleetOf, hostOf } from '../routing/fleet.ts';
import { problemsOf } from '../spec/problems-of.ts';
import { specOf, typesWithCustom, workflowOf } from '../spec/spec-rig.ts';
import { planOf } from './plan-rig.ts';

const generate = (fields: object = {}): Parameters<typeof specOf>[0] => [{ type: 'generate', input: 'x', ...fields }];

test('a task that names nothing takes what the agent says', () => {
  const plan = planOf(specOf(generate()), {
    agent: { name: 'reviewer', id: 'id-1' },
    system: 'be brief',
    options: { agent: { seed: 1 }, run: {} },
    keep_alive: '5m',
  });
  expect(plan).toMatchObject({
    run_type: 'tasks',
    agent: { name: 'reviewer', id: 'id-1' },
    keep_alive: '5m',
    tasks: [
      {
        needs: [],
        after: undefined,
        kind: 'other',
        model_name: undefined,
        system: 'be brief',
        options: { seed: 1 },
        timeoutMs: 300_000,
        retries: 2,
        warnings: [],
        candidates: [
          { model: 'llama3.2', host: 'http://a' },
          { model: 'codellama', host: 'http://a' },
        ],
      },
    ],
  });
});

test.each<[string, object, Partial<RunSettings>, object]>([
  ['the timeout of a task', { timeout: 5 }, {}, { timeoutMs: 5_000 }],
  ['the timeout of the run', { timeout: 5 }, { timeoutMs: { run: 7_000, agent: 1 } }, { timeoutMs: 7_000 }],
  ['the retries of a task', { retries: 0 }, {}, { retries: 0 }],
  ['the retries of the run', { retries: 5 }, { retries: { run: 0, agent: 2 } }, { retries: 0 }],
  ['the model of a task', { model: 'codellama' }, {}, { model_name: 'codellama' }],
  ['the model of the run', { model: 'codellama' }, { model: 'llama3.2' }, { model_name: 'llama3.2' }],
  [
    'options, run before task before agent',
    { options: { b: 2, c: 2 } },
    { options: { agent: { a: 1, b: 1, c: 1 }, run: { c: 3 } } },
    { options: { a: 1, b: 2, c: 3 } },
  ],
  ['no options', {}, {}, { options: undefined }],
  ['what a task extracts', { extract: 'code:go' }, {}, { form: { kind: 'code', language: 'go' } }],
  ['what the run extracts', { extract: 'code:go' }, { extract: { kind: 'code' } }, { form: { kind: 'code' } }],
  ['a format', { format: 'json' }, { extract: { kind: 'code' } }, { form: { kind: 'json', isFormat: true } }],
  ['what a task says of cut prompts', { on_truncate: 'warn' }, {}, { onTruncate: 'warn' }],
  [
    'what the run says of cut prompts',
    { on_truncate: 'warn' },
    { onTruncate: { run: 'fail', agent: 'warn' } },
    { onTruncate: 'fail' },
  ],
])('%s: the nearer word holds', (_what, fields, settings, expected) => {
  expect(planOf(specOf(generate(fields)), settings).tasks[0]).toMatchObject(expected);
});

test('a type that has no use for a form gets none', () => {
  const spec = specOf([{ type: 'embed', input: 'x', format: 'json', extract: 'code' }]);
  expect(planOf(spec, { extract: { kind: 'code' } }).tasks[0]?.form).toBeUndefined();
});

test('limits are those of the settings, and of each server that has one', () => {
  const fleet = fleetOf({ ...hostOf('http://a', 'llama3.2'), slots: 8 }, hostOf('http://b', 'llama3.2'));
  const settings = { maxConcurrent: 9, failFast: true, runTimeoutMs: 60_000 };
  expect(planOf(specOf(generate()), settings, fleet).limits).toEqual({
    maxConcurrent: 9,
    perHost: { 'http://a': 8 },
    runTimeoutMs: 60_000,
    failFast: true,
  });
});

test('a task goes where its kind sends it, and says so', () => {
  const [task] = planOf(specOf(generate({ input: 'Fix this Python function' }))).tasks;
  expect([task?.kind, task?.candidates[0]]).toEqual([
    'code',
    { model: 'codellama', host: 'http://a', reasons: ['made for code'] },
  ]);
});

test('text from other steps does not decide the kind', () => {
  const spec = workflowOf(['code:Write a Python function', 'tell:Tell a friend about {{code}}']);
  expect(planOf(spec).tasks.map(({ kind }) => kind)).toEqual(['code', 'writing']);
});

test('a type may fix the kind', () => {
  const spec = specOf([{ type: 'embed', input: 'a Python function' }]);
  expect(planOf(spec, { models: ['nomic'] }, fleetOf('nomic/embed')).tasks[0]).toMatchObject({
    kind: 'embedding',
    candidates: [{ model: 'nomic', reasons: ['can embed'] }],
  });
});

test('a type that runs without a model needs no candidate', () => {
  const spec = specOf([{ type: 'custom', input: 'x' }], { taskTypes: typesWithCustom });
  expect(planOf(spec, {}, fleetOf()).tasks[0]).toMatchObject({ candidates: [], problem: undefined });
});

test('what routing has to say is added to what the spec said', () => {
  const plan = planOf(specOf(generate({ input: '{{a}}' })), {}, fleetOf('codellama'));
  expect(plan.tasks[0]?.warnings.map(({ code }) => code)).toEqual(['braces-as-typed', 'model-fallback']);
  expect(plan.tasks[0]?.missing).toMatchObject({ model: 'llama3.2' });
});

test('one task that nothing can do leaves the others as they are', () => {
  const spec = specOf([
    { type: 'embed', input: 'x' },
    { type: 'generate', input: 'y' },
  ]);
  expect(planOf(spec).tasks.map(({ problem, candidates }) => [problem?.code, candidates.length])).toEqual([
    ['model-incapable', 0],
    [undefined, 2],
  ]);
});

test('images, thinking and a named model each change the route', () => {
  const fleet = fleetOf('llama3.2', 'llava/see', 'qwen3/think');
  const tasks = [{}, { images: ['aGk='] }, { think: true }, { model: 'llava' }, {}];
  const spec = specOf(tasks.flatMap(generate));
  const plan = planOf(spec, { models: ['llama3.2', 'llava', 'qwen3'] }, fleet);
  expect(plan.tasks.map(({ candidates }) => candidates[0]?.model)).toEqual([
    'llama3.2',
    'llava',
    'qwen3',
    'llava',
    'llama3.2',
  ]);
});

test('tasks in a sequence come one after the other, as given', () => {
  const spec = specOf([...generate(), ...generate(), ...generate()], { sequential: true });
  expect(planOf(spec).tasks.map(({ after }) => after)).toEqual([undefined, 'task1', 'task2']);
});

test('steps in a sequence come after those they need, the plan keeps their order', () => {
  const spec = workflowOf(['last:{{middle}}', 'free:x', 'middle:{{first}}', 'first:x'], { sequential: true });
  expect(planOf(spec).tasks.map(({ spec: { name }, after, needs }) => [name, after, needs])).toEqual([
    ['last', 'middle', ['middle']],
    ['free', 'last', []],
    ['middle', 'first', ['first']],
    ['first', undefined, []],
  ]);
});

test('steps that need each other in a circle are refused, whoever made the spec', () => {
  const spec = workflowOf(['a:x', 'b:{{a}}']);
  const [first, ...others] = spec.tasks;
  const circle = { ...spec, tasks: [{ ...first!, needs: ['b'] }, ...others] };
  expect(problemsOf(() => planOf(circle))).toMatchObject([
    { code: 'cycle', message: 'steps need each other in a circle: a → b → a' },
  ]);
});

test('a hundred thousand tasks share their routes', () => {
  const tasks = Array.from({ length: 100_000 }, (_, index) => ({ type: 'generate', input: `task number ${index}` }));
  const plan = planOf(specOf(tasks));
  expect(new Set(plan.tasks.map(({ candidates }) => candidates)).size).toBe(1);
});
