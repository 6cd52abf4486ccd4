import { expect, test } from 'vitest';
import {
  resolveInSequence,
  resolveInTasks,
  resolveInWorkflow,
  verbatimWarning,
  type PlaceholderScope,
} from '../../../../src/spec/template/placeholders.ts';

const names = ['plan', 'step2', 'code.v1', 'last'];

function scope(changes: Partial<PlaceholderScope> = {}): PlaceholderScope {
  return {
    names,
    positions: new Map(names.map((name, index) => [name, index])),
    index: 3,
    vars: { lang: 'Go', empty: '' },
    stdin: 'piped',
    env: (name) => ({ HOME: '/home/me' })[name],
    ...changes,
  };
}

test.each([
  ['plan', { output: 'plan' }],
  ['code.v1', { output: 'code.v1' }],
  ['step1', { output: 'plan' }],
  ['step2', { output: 'step2' }],
  ['step3', { output: 'code.v1' }],
  ['steps.plan.output', { output: 'plan' }],
  ['steps.code.v1.output', { output: 'code.v1' }],
  ['vars.lang', { text: 'Go' }],
  ['vars.empty', { text: '' }],
  ['env.HOME', { text: '/home/me' }],
  ['stdin', { text: 'piped' }],
])('in a workflow {{%s}} is %j', (expression, resolution) => {
  expect(resolveInWorkflow(expression, scope())).toEqual(resolution);
});

test('in a workflow a step may refer to one that is given after it', () => {
  expect(resolveInWorkflow('last', scope({ index: 0 }))).toEqual({ output: 'last' });
});

test.each([
  ['plam', 'placeholder-unknown', 'last: unknown placeholder {{plam}}', /^did you mean 'plan'\?; for literal braces/],
  ['Plan', 'placeholder-unknown', 'last: unknown placeholder {{Plan}}', /'plan'/],
  ['steps.plam.output', 'placeholder-unknown', 'last: unknown placeholder {{steps.plam.output}}', /'plan'/],
  ['plam.output', 'placeholder-unknown', 'last: unknown placeholder {{plam.output}}', /'plan'/],
  ['steps.plan', 'placeholder-unknown', 'last: unknown placeholder {{steps.plan}}', /'plan'/],
  ['stdim', 'placeholder-unknown', 'last: unknown placeholder {{stdim}}', /'stdin'/],
  ['var.lang', 'placeholder-unknown', 'last: unknown placeholder {{var.lang}}', /'vars\.lang'/],
  [
    'elsewhere',
    'placeholder-unknown',
    'last: unknown placeholder {{elsewhere}}',
    /known: plan, step2, code\.v1, stdin/,
  ],
  ['', 'placeholder-unknown', 'last: unknown placeholder {{}}', /\\\{\{$/],
  ['step5', 'placeholder-unknown', 'last: unknown placeholder {{step5}}', /'step2'/],
  ['step0', 'placeholder-unknown', 'last: unknown placeholder {{step0}}', /'step2'/],
  ['steps.step1.output', 'placeholder-unknown', 'last: unknown placeholder {{steps.step1.output}}', /'step2'/],
  ['vars.lng', 'placeholder-unset', 'last: {{vars.lng}} has no value', /^did you mean 'lang'\?; else add --var lng=…$/],
  ['vars.toString', 'placeholder-unset', 'last: {{vars.toString}} has no value', /known: lang, empty/],
  ['env.NO', 'placeholder-unset', 'last: {{env.NO}}: the environment variable NO is not set', /^export NO=…$/],
  ['last', 'cycle', 'last: {{last}} refers to the step itself', undefined],
  ['step4', 'cycle', 'last: {{step4}} refers to the step itself', undefined],
])('in a workflow {{%s}} is a problem: %s', (expression, code, message, hint) => {
  expect(resolveInWorkflow(expression, scope())).toEqual({
    problem: { code, message, task: 'last', hint: hint ? (expect.stringMatching(hint) as unknown) : undefined },
  });
});

test('without any --var the hint is to add one', () => {
  expect(resolveInWorkflow('vars.a', scope({ vars: {} }))).toMatchObject({ problem: { hint: 'add --var a=…' } });
});

test('{{stdin}} is a problem when nothing is piped in', () => {
  expect(resolveInTasks('stdin', scope({ stdin: undefined }))).toMatchObject({
    problem: { code: 'placeholder-unset', message: 'last: {{stdin}} is used, but nothing is piped in' },
  });
});

test.each([
  ['task1', { output: 'plan' }],
  ['task3', { output: 'code.v1' }],
  ['previous', { output: 'code.v1' }],
  ['vars.lang', { text: 'Go' }],
  ['stdin', { text: 'piped' }],
  ['plan', { verbatim: true }],
  ['step1', { verbatim: true }],
  ['env.HOME', { verbatim: true }],
  ['steps.plan.output', { verbatim: true }],
  ['', { verbatim: true }],
])('in a sequence {{%s}} is %j', (expression, resolution) => {
  expect(resolveInSequence(expression, scope())).toEqual(resolution);
});

test.each([
  ['task4', 3, 'last: {{task4}} refers to no earlier task', 'known: task1 … task3, previous'],
  ['task9', 3, 'last: {{task9}} refers to no earlier task', 'known: task1 … task3, previous'],
  ['task0', 3, 'last: {{task0}} refers to no earlier task', 'known: task1 … task3, previous'],
  ['task3', 1, 'step2: {{task3}} refers to no earlier task', 'known: task1, previous'],
  ['previous', 0, 'plan: {{previous}} refers to no earlier task', 'the first task has none before it'],
])('in a sequence {{%s}} in task %i is a problem', (expression, index, message, hint) => {
  expect(resolveInSequence(expression, scope({ index }))).toEqual({
    problem: { code: 'placeholder-unknown', message, hint, task: names[index] },
  });
});

test('an unset variable is a problem in a list of tasks too', () => {
  expect(resolveInTasks('vars.lng', scope())).toMatchObject({ problem: { code: 'placeholder-unset' } });
});

test.each(['task1', 'previous', 'plan', 'anything at all', 'env.HOME'])(
  'in tasks side by side {{%s}} is sent as typed',
  (expression) => {
    expect(resolveInTasks(expression, scope())).toEqual({ verbatim: true });
  },
);

test.each([
  [['x'], false, '{{x}} is sent as typed'],
  [['x', 'y', 'x'], false, '{{x}}, {{y}} are sent as typed'],
  [['a', 'b', 'c', 'd', 'e'], false, '{{a}}, {{b}}, {{c}} and 2 more are sent as typed'],
  [['task1'], false, '{{task1}} is sent as typed; outputs of other tasks need --sequential'],
  [['previous'], false, '{{previous}} is sent as typed; outputs of other tasks need --sequential'],
  [['task one'], true, '{{task one}} is sent as typed'],
])('braces %j are told once', (expressions, isSequential, message) => {
  expect(verbatimWarning(expressions, isSequential)).toEqual({ code: 'braces-as-typed', message });
});

const lists = new Map([
  ['last', [{ title: 'A' }, { title: 'B', tags: ['x'] }]],
  ['plan', [1, 2]],
  ['code.v1', undefined],
]);

test.each([
  ['plan.output.title', {}, { output: 'plan', path: ['title'] }],
  ['plan[1]', { lists }, { output: 'plan', index: 1 }],
  ['steps.plan[0].output.a', { lists }, { output: 'plan', index: 0, path: ['a'] }],
  ['code.v1[99]', { lists }, { output: 'code.v1', index: 99 }],
  ['item', { lists }, { item: [] }],
  ['item.title', { lists }, { item: ['title'] }],
  ['item.tags[0]', { lists }, { item: ['tags', 0] }],
  ['item.anything', { lists: new Map([['last', undefined]]) }, { item: ['anything'] }],
  ['item.anything', { lists: new Map([['last', []]]) }, { item: ['anything'] }],
])('in a workflow {{%s}} reaches into structure', (expression, changes, resolution) => {
  expect(resolveInWorkflow(expression, scope(changes))).toEqual(resolution);
});

test.each([
  ['plan.title', {}, /^unknown/, /^did you mean 'plan\.output\.title'\?/, 'plan.title'],
  ['plan[0]', {}, /no 'foreach'/, /^did you mean 'plan\.output\[0\]'\?/, 'plan[0]'],
  ['plan[2]', { lists }, /'plan' has 2 items/, /^the last one is \{\{plan\[1\]\}\}$/, 'plan[2]'],
  ['plan[0]', { lists: new Map([['plan', []]]) }, /has 0 items/, /empty/, 'plan[0]'],
  [
    'plan.output[1].a',
    { lists },
    /the text of all its items/,
    /^did you mean 'plan\[1\]\.output\.a'\?/,
    'plan.output[1].a',
  ],
  ['plan.output.a', { lists }, /the text of all its items/, /\{\{plan\[0\]\.output\.a\}\}/, 'plan.output.a'],
  ['item', {}, /only in a step with 'foreach'/, /add 'foreach'/, 'item'],
  ['item.titel', { lists }, /no element of the list/, /^did you mean 'title'\?/, 'titel'],
  ['item.tags.x', { lists }, /no element of the list/, /there is none/, 'x'],
  ['item[', { lists }, /^unknown/, /^write item\.key/, undefined],
  ['itme', { lists }, /^unknown/, /^did you mean 'item'\?/, undefined],
])('in a workflow {{%s}} leads nowhere', (expression, changes, message, hint, word) => {
  const { problem } = resolveInWorkflow(expression, scope(changes)) as { problem: { message: string } };
  expect({ ...problem, message: problem.message.replace(/^last: (\{\{.*?\}\}:? )?/, '') }).toEqual({
    code: 'placeholder-unknown',
    task: 'last',
    message: expect.stringMatching(message) as unknown,
    hint: expect.stringMatching(hint) as unknown,
    ...(word !== undefined && { word }),
  });
});
