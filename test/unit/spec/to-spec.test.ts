import { expect, test } from 'vitest';
import { fillTemplate, showSegment } from '../../../src/spec/template/template.ts';
import { toSpec } from '../../../src/spec/to-spec.ts';
import { problemsOf } from './problems-of.ts';
import { sourcesOf, specOf, typesWithCustom, workflowOf } from './spec-rig.ts';

const filled = (tasks: Parameters<typeof specOf>[0], options?: Parameters<typeof specOf>[1]): string[] =>
  specOf(tasks, options).tasks.map(({ prompt }) => fillTemplate(prompt, (segment) => `<${showSegment(segment)}>`));

test('a task takes all of its fields', () => {
  const fields = {
    name: 'review',
    model_name: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    format: 'json',
    images: ['aGk='],
    think: 'low',
    options: { num_ctx: 8192 },
    parameters: { extra: 1 },
    retries: 0,
  } as const;
  const [task] = specOf([
    {
      ...fields,
      messages: [...fields.messages],
      images: ['aGk='],
      type: 'chat',
      input: 'x',
      timeout: '2s',
      system: 'be brief',
    },
  ]).tasks;
  expect(task).toMatchObject({
    ...fields,
    definition: { type: 'chat' },
    prompt: [{ text: 'x' }],
    system: [{ text: 'be brief' }],
    timeoutMs: 2000,
    needs: [],
  });
});

test('tasks without a name are numbered', () => {
  const names = specOf([
    { type: 'generate', input: 'a' },
    { name: 'x', type: 'generate', input: 'b' },
  ]).tasks;
  expect(names.map(({ name }) => name)).toEqual(['task1', 'x']);
});

test('steps without a name are numbered', () => {
  const { tasks } = specOf([{ type: 'generate', input: 'a' }], { run_type: 'workflow' });
  expect(tasks.map(({ name }) => name)).toEqual(['step1']);
});

test('a data URL gives way to its data, in images and in messages', () => {
  const images = ['data:image/png;base64,aGk='];
  const [task] = specOf([{ type: 'chat', images, messages: [{ role: 'user', content: 'what?', images }] }]).tasks;
  expect([task?.images, task?.messages?.[0]?.images]).toEqual([['aGk='], ['aGk=']]);
});

test('prompts of tasks that run side by side keep all braces but values', () => {
  expect(
    filled([{ type: 'generate', input: '{{task1}} {{vars.a}} \\{{x}} {{ y }}' }], { vars: { a: '{{stdin}}' } }),
  ).toEqual(['{{task1}} {{stdin}} {{x}} {{ y }}']);
});

test('tasks in a sequence take outputs of earlier ones', () => {
  const tasks = ['a', '{{previous}}', '{{task1}} {{task2}}'].map((input) => ({ type: 'generate', input }));
  expect(filled(tasks, { sequential: true })).toEqual(['a', '<task1>', '<task1> <task2>']);
});

test('steps take outputs of others, also of later ones, in prompt and system', () => {
  const { tasks } = specOf(
    [
      { name: 'a', type: 'generate', input: '{{b}} {{steps.b.output}}', system: 'as {{step3}}' },
      { name: 'b', type: 'generate', input: 'x' },
      { name: 'c', type: 'generate', input: '{{env.USER}}{{vars.x}}' },
    ],
    { run_type: 'workflow', env: (name) => `$${name}`, vars: { x: '1' } },
  );
  expect(tasks.map(({ needs }) => needs)).toEqual([['b', 'c'], [], []]);
  expect(tasks[2]?.prompt).toEqual([
    { text: '$USER', isFilled: true },
    { text: '1', isFilled: true },
  ]);
});

test('braces in a prompt that was read from a file are text', () => {
  const spec = toSpec({
    run_type: 'workflow',
    sources: [{ task: { name: 'a', type: 'generate', input: '{{b}} \\{{' }, place: 'step 1', literal: true }],
    sequential: false,
    taskTypes: typesWithCustom,
    vars: {},
    env: () => undefined,
  });
  expect(spec.tasks[0]).toMatchObject({ prompt: [{ text: '{{b}} \\{{' }], needs: [] });
});

test.each([
  [
    { type: 'genrate', input: 'x' },
    'task-type-unknown',
    "tasks.0: unknown task type 'genrate'",
    "did you mean 'generate'?",
  ],
  [
    { type: 'x', input: 'x' },
    'task-type-unknown',
    "tasks.0: unknown task type 'x'",
    'known: generate, chat, embed, custom',
  ],
  [
    { type: 'custom', input: 'x' },
    'task-type-unregistered',
    "tasks.0: no handler is registered for task type 'custom'",
    'register one: createOrchestrator({ custom: handler })',
  ],
  [
    { type: 'generate', imput: 'x', input: 'x' },
    'task-invalid',
    "tasks.0: unknown key 'imput'",
    "did you mean 'input'?",
  ],
  [
    { type: 'generate', 'model-name': 'x', input: 'x' },
    'task-invalid',
    "tasks.0: unknown key 'model-name'",
    "did you mean 'model_name'?",
  ],
  [
    { type: 'chat', messages: [{ role: 'user', content: '', txt: 1 }] },
    'task-invalid',
    "tasks.0: unknown key 'messages.0.txt'",
    undefined,
  ],
  [
    { type: 'generate', input: 'x', prompt: 'y' },
    'task-invalid',
    "tasks.0: 'input' is given twice with different values",
    undefined,
  ],
  [
    { type: 'generate', input: 'x', retries: 'many' },
    'task-invalid',
    'tasks.0: retries: must be a whole number from 0 to 100',
    undefined,
  ],
  [{ input: 'x' }, 'task-invalid', 'tasks.0: type: must be a task type such as "generate"', undefined],
  [{ type: 'generate' }, 'prompt-empty', 'tasks.0: the prompt is empty', undefined],
  [{ type: 'generate', input: ' \n' }, 'prompt-empty', 'tasks.0: the prompt is empty', undefined],
  [{ type: 'generate', input: '{{stdin}}{{vars.blank}}' }, 'prompt-empty', 'tasks.0: the prompt is empty', undefined],
  [
    { type: 'generate', messages: [{ role: 'user', content: 'x' }] },
    'prompt-empty',
    'tasks.0: the prompt is empty',
    undefined,
  ],
  [{ type: 'generate', input: 'a\0b' }, 'prompt-not-text', 'tasks.0: the prompt holds a NUL byte', undefined],
  [
    { type: 'generate', input: 'a', system: '\0' },
    'prompt-not-text',
    'tasks.0: the prompt holds a NUL byte',
    undefined,
  ],
  [
    { type: 'chat', messages: [{ role: 'user', content: '\0' }] },
    'prompt-not-text',
    'tasks.0: the prompt holds a NUL byte',
    undefined,
  ],
  [
    { type: 'generate', input: 'half \uD83D' },
    'prompt-not-text',
    'tasks.0: the prompt holds half a surrogate pair',
    undefined,
  ],
  [
    { type: 'generate', input: 'x'.repeat(10 * 1024 * 1024 + 1) },
    'input-too-large',
    'tasks.0: the prompt has 10485761 characters; at most 10485760 are taken',
    'split it over several tasks',
  ],
  [
    { type: 'chat', system: 'a', messages: [{ role: 'system', content: 'b' }] },
    'task-invalid',
    "tasks.0: the system prompt is given twice, as 'system' and as the first message",
    undefined,
  ],
  [
    { type: 'generate', input: 'x', images: ['aGk=', '@cat.png'] },
    'task-invalid',
    'tasks.0: images.1 "@cat.png" is not base64',
    'in a file write "@picture.png" for the bytes of a picture',
  ],
  [
    { type: 'chat', messages: [{ role: 'user', content: 'x', images: [''] }] },
    'task-invalid',
    'tasks.0: messages.0.images.0 "" is not base64',
    'in a file write "@picture.png" for the bytes of a picture',
  ],
])('a wrong task is refused: %j', (task, code, message, hint) => {
  expect(problemsOf(() => specOf([task], { stdin: '', vars: { blank: ' ' } }))).toEqual([
    { code, message, hint, task: 'task1', location: undefined },
  ]);
});

test.each([null, 3, 'generate:x', ['generate'], undefined])('a task that is no object is refused: %j', (task) => {
  const problems = problemsOf(() => specOf([task as never]));
  expect(problems[0]?.message).toMatch(/^tasks\.0: a task is an object, not (null|3|"generate:x"|\["generate"\])$/);
});

test.each([
  ['tasks', 'no tasks given', "add --tasks 'type:prompt' or --tasks-file FILE"],
  ['workflow', 'no steps given', "add --steps 'name:type:prompt' or --file FILE"],
] as const)('an empty list of %s is refused', (run_type, message, hint) => {
  expect(problemsOf(() => specOf([], { run_type }))).toEqual([{ code: 'task-invalid', message, hint }]);
});

test.each([
  [{ stdin: 'a\0' }, 'standard input holds a NUL byte'],
  [{ stdin: '\uDC00' }, 'standard input holds half a surrogate pair'],
  [{ vars: { a: '\0' } }, '{{vars.a}} holds a NUL byte'],
])('a value that is no text is refused: %j', (options, message) => {
  expect(problemsOf(() => specOf([{ type: 'generate', input: 'x' }], options))).toEqual([
    { code: 'prompt-not-text', message },
  ]);
});

test('a prompt is measured with its values filled in', () => {
  const half = 'x'.repeat(6 * 1024 * 1024);
  const problems = problemsOf(() => specOf([{ type: 'generate', input: '{{stdin}}{{stdin}}' }], { stdin: half }));
  expect(problems).toMatchObject([{ code: 'input-too-large' }]);
});

test('a prompt that is an output alone is not empty yet', () => {
  expect(workflowOf(['a:x', 'b:{{a}}']).tasks[1]?.prompt).toEqual([{ output: 'a' }]);
});

test('a chat that has messages needs no prompt', () => {
  expect(specOf([{ type: 'chat', messages: [{ role: 'user', content: 'hi' }] }]).tasks[0]?.prompt).toEqual([]);
});

test('all problems of all tasks are told at once, each with the place it stands in', () => {
  const location = { file: 'a.jsonl', line: 7, column: 1 };
  const sources = [
    ...sourcesOf([{ name: 'a b', type: 'genrate', input: '{{vars.x}}' }]),
    { task: { type: 'generate', input: '' }, place: 'a.jsonl line 7', location },
  ];
  const input = {
    run_type: 'tasks',
    sequential: false,
    taskTypes: typesWithCustom,
    vars: {},
    env: () => undefined,
  } as const;
  expect(problemsOf(() => toSpec({ ...input, sources })).map(({ code, location }) => [code, location])).toEqual([
    ['task-invalid', undefined],
    ['task-type-unknown', undefined],
    ['placeholder-unset', undefined],
    ['prompt-empty', location],
  ]);
});

test('a broken step can still be referred to', () => {
  const steps = [
    { name: 'a', type: 'genrate', input: 'x' },
    { name: 'b', type: 'generate', input: '{{a}}' },
  ];
  expect(problemsOf(() => specOf(steps, { run_type: 'workflow' })).map(({ code }) => code)).toEqual([
    'task-type-unknown',
  ]);
});

test('of very many problems the first hundred are told', () => {
  const tasks = Array.from({ length: 5_000 }, () => ({ type: 'generate', input: '{{nothing like it}}' }));
  const problems = problemsOf(() => specOf(tasks, { run_type: 'workflow' }));
  expect([problems.length, problems.at(-1)?.message]).toEqual([
    101,
    'there are more problems; these are the first 100',
  ]);
});

test.each([
  [{ type: 'generate', input: '{{a}} {{a}} {{b}}' }, ['braces-as-typed'], ['{{a}}, {{b}} are sent as typed']],
  [{ type: 'generate', input: 'x', system: '{{a}}' }, ['braces-as-typed'], ['{{a}} is sent as typed']],
  [
    { type: 'embed', input: 'x', system: 's', format: 'json' },
    ['field-ignored', 'field-ignored'],
    [
      "'system' means nothing to a task of type embed and is ignored",
      "'format' means nothing to a task of type embed and is ignored",
    ],
  ],
  [
    { type: 'generate', input: 'x', parameters: { temperature: 1 } },
    ['field-ignored'],
    ["'parameters.temperature' is not known and is ignored; options of the model go into 'options'"],
  ],
  [{ type: 'custom', input: 'x', parameters: { depth: 1 }, system: 's' }, [], []],
  [{ type: 'generate', input: 'x', parameters: { options: {} } }, [], []],
])('what is ignored or sent as typed is told: %j', (task, codes, messages) => {
  const { warnings } = specOf([task], { taskTypes: typesWithCustom }).tasks[0] ?? { warnings: [] };
  expect([warnings.map(({ code }) => code), warnings.map(({ message }) => message)]).toEqual([codes, messages]);
});

test('a model means nothing to a type that runs without one', () => {
  const clock = { type: 'clock', summary: 'Tell the time', uses: [], needs: undefined, run: () => Promise.resolve([]) };
  const [task] = specOf([{ type: 'clock', input: 'now', model: 'llama3.2' }], { taskTypes: [clock] }).tasks;
  expect(task?.warnings).toEqual([
    { code: 'field-ignored', message: "'model_name' means nothing to a task of type clock and is ignored" },
  ]);
});

test('a hundred thousand steps that refer to each other are understood', () => {
  const steps = Array.from({ length: 100_000 }, (_, index) => `s${index}:${index === 0 ? 'go' : `{{s${index - 1}}}`}`);
  expect(workflowOf(steps).tasks.at(-1)?.needs).toEqual(['s99998']);
});

test('steps that need each other in a circle are refused', () => {
  expect(problemsOf(() => workflowOf(['a:{{c}}', 'b:{{step1}}', 'c:{{steps.b.output}}']))).toMatchObject([
    { code: 'cycle', message: 'steps need each other in a circle: a → c → b → a', task: 'a' },
  ]);
});
