import { expect, test } from 'vitest';
import { loadSpec, type SpecRequest } from '../../../src/spec/load-spec.ts';
import type { Spec } from '../../../src/spec/spec.ts';
import { fillTemplate, showSegment } from '../../../src/spec/template/template.ts';
import { testHost, type TestHostOptions } from '../../rig/test-host.ts';
import { problemsOfAsync } from './problems-of.ts';
import { specContext } from './spec-rig.ts';

const load = (request: Partial<SpecRequest>, host: TestHostOptions = {}): Promise<Spec> =>
  loadSpec({ run_type: 'tasks', ...request }, specContext(), testHost(host));

const promptsOf = ({ tasks }: Spec): string[] =>
  tasks.map(({ prompt }) => fillTemplate(prompt, (segment) => `<${showSegment(segment)}>`));

/** Fails when it is read. */
const untouchable = (): AsyncGenerator<Uint8Array> => {
  throw new Error('stdin was read');
};

test('flags come first, then the lines of the file', async () => {
  const spec = await load(
    { flags: ['generate:one'], file: 'tasks.txt' },
    { files: { 'tasks.txt': 'chat:two\n{"type":"embed","prompt":"three"}\n' } },
  );
  expect(spec.tasks.map(({ name, definition }) => [name, definition.type])).toEqual([
    ['task1', 'generate'],
    ['task2', 'chat'],
    ['task3', 'embed'],
  ]);
  expect(promptsOf(spec)).toEqual(['one', 'two', 'three']);
});

test('steps are read from flags', async () => {
  const spec = await load({ run_type: 'workflow', flags: ['a:generate:x', 'b:chat:see {{a}}'] });
  expect(spec.tasks.map(({ name, needs }) => [name, needs])).toEqual([
    ['a', []],
    ['b', ['a']],
  ]);
});

test('a prompt from a file is taken byte for byte: mark, line ends and braces', async () => {
  const text = '\uFEFFline {{stdin}} \\{{x}}\r\n\n';
  expect(promptsOf(await load({ flags: ['generate:@p.txt'] }, { files: { 'p.txt': text } }))).toEqual([text]);
});

test('@@word is sent as @word', async () => {
  expect(promptsOf(await load({ flags: ['generate:@@all'] }))).toEqual(['@all']);
});

test('@word in a tasks file or in an object is text', async () => {
  const fromFile = await load({ file: 'a' }, { files: { a: 'generate:@p.txt', 'p.txt': 'secret' } });
  const fromObject = await load({ tasks: [{ type: 'generate', input: '@p.txt' }] }, { files: { 'p.txt': 'secret' } });
  expect([...promptsOf(fromFile), ...promptsOf(fromObject)]).toEqual(['@p.txt', '@p.txt']);
});

test('stdin is filled in byte for byte and not expanded', async () => {
  const stdin = '\uFEFF{{vars.a}}\r\n{{task1}} \\{{ \n';
  const spec = await load({ flags: ['generate:[{{ stdin }}]'], vars: { a: '1' } }, { stdin });
  expect(promptsOf(spec)).toEqual([`[${stdin}]`]);
});

test.each([
  ['in the second spelling', [{ type: 'generate', prompt: '{{stdin}}' }]],
  ['in parameters', [{ type: 'generate', parameters: { input: '{{stdin}}' } }]],
])('{{stdin}} is found %s', async (_where, tasks) => {
  expect(promptsOf(await load({ tasks }, { stdin: 'piped' }))).toEqual(['piped']);
});

test('{{stdin}} is found in a system prompt', async () => {
  const spec = await load({ tasks: [{ type: 'generate', input: 'x', system: '{{stdin}}' }] }, { stdin: 'piped' });
  expect(spec.tasks[0]?.system).toEqual([{ text: 'piped', isFilled: true }]);
});

test.each([
  ['no prompt asks for it', 'generate:plain'],
  ['it is escaped', 'generate:\\{{stdin}}'],
])('stdin is left alone when %s', async (_why, flag) => {
  const host = testHost();
  const stdin = { [Symbol.asyncIterator]: untouchable };
  const spec = await loadSpec({ run_type: 'tasks', flags: [flag] }, specContext(), {
    ...host,
    io: { ...host.io, stdin },
  });
  expect(spec.tasks).toHaveLength(1);
});

test('a prompt from a file that speaks of {{stdin}} does not read it', async () => {
  const host = testHost({ files: { 'p.txt': '{{stdin}}' } });
  const stdin = { [Symbol.asyncIterator]: untouchable };
  const request = { run_type: 'tasks', flags: ['generate:@p.txt'] } as const;
  expect(promptsOf(await loadSpec(request, specContext(), { ...host, io: { ...host.io, stdin } }))).toEqual([
    '{{stdin}}',
  ]);
});

test('a terminal is not waited for', async () => {
  const problems = await problemsOfAsync(load({ flags: ['generate:{{stdin}}'] }, { isTTY: { stdin: true } }));
  expect(problems).toMatchObject([{ code: 'placeholder-unset' }]);
});

test('tasks are read from stdin', async () => {
  expect(promptsOf(await load({ file: '-' }, { stdin: '\uFEFFgenerate:a\r\ngenerate:b' }))).toEqual(['a', 'b']);
});

test('stdin cannot be tasks and text at once', async () => {
  const problems = await problemsOfAsync(load({ file: '-' }, { stdin: 'generate:{{stdin}}' }));
  expect(problems).toEqual([
    {
      code: 'usage-invalid',
      message: 'standard input holds the tasks, so {{stdin}} cannot be used in them',
      hint: 'put the tasks into a file: --tasks-file FILE',
    },
  ]);
});

test('{{env.X}} is looked up in the environment', async () => {
  const request = { run_type: 'workflow', flags: ['a:generate:{{env.CITY}}'] } as const;
  expect(promptsOf(await load(request, { env: { CITY: 'Rome' } }))).toEqual(['Rome']);
});

const invalidUtf8 = new Uint8Array([0x67, 0xff, 0xfe]);

test.each<[string, Partial<SpecRequest>, TestHostOptions, string, string]>([
  [
    'a missing prompt file',
    { flags: ['generate:@no.txt'] },
    {},
    'file-unreadable',
    "cannot read file 'no.txt': no such file",
  ],
  [
    'a folder as a prompt',
    { flags: ['generate:@d'] },
    { files: { 'd/x': '' } },
    'file-unreadable',
    "cannot read file 'd': it is a folder",
  ],
  [
    'a prompt file that is no text',
    { flags: ['generate:@b'] },
    { files: { b: invalidUtf8 } },
    'prompt-not-text',
    "file 'b' is not UTF-8 text",
  ],
  [
    'a prompt file with NUL',
    { flags: ['generate:@b'] },
    { files: { b: 'a\0' } },
    'prompt-not-text',
    'task 1: the prompt holds a NUL byte',
  ],
  [
    'an empty prompt file',
    { flags: ['generate:@b'] },
    { files: { b: '' } },
    'prompt-empty',
    'task 1: the prompt is empty',
  ],
  [
    'piped bytes that are no text',
    { flags: ['generate:{{stdin}}'] },
    { stdin: invalidUtf8 },
    'prompt-not-text',
    'standard input is not UTF-8 text',
  ],
  [
    'piped text with NUL',
    { flags: ['generate:{{stdin}}'] },
    { stdin: 'a\0' },
    'prompt-not-text',
    'standard input holds a NUL byte',
  ],
  ['nothing piped in', { flags: ['generate:{{stdin}}'] }, { stdin: '' }, 'prompt-empty', 'task 1: the prompt is empty'],
  ['a missing tasks file', { file: 'no.txt' }, {}, 'file-unreadable', "cannot read file 'no.txt': no such file"],
  [
    'a tasks file that is no text',
    { file: 'b' },
    { files: { b: invalidUtf8 } },
    'prompt-not-text',
    "file 'b' is not UTF-8 text",
  ],
  ['a tasks file without tasks', { file: 'b' }, { files: { b: '\n\n' } }, 'task-invalid', 'no tasks given'],
])('%s is refused', async (_what, request, host, code, message) => {
  expect(await problemsOfAsync(load(request, host))).toMatchObject([{ code, message }]);
});

test('flags and lines that cannot be read are told together', async () => {
  const request = { flags: ['oops', 'generate:@no.txt'], file: 'a' };
  const problems = await problemsOfAsync(load(request, { files: { a: 'generate:ok\nwrong' } }));
  expect(problems.map(({ message }) => message)).toEqual([
    '--tasks: "oops" is not of the form \'type:prompt\'',
    "cannot read file 'no.txt': no such file",
    'a line 2: "wrong" is not of the form \'type:prompt\'',
  ]);
});

test('a wrong step knows its number', async () => {
  const request = { run_type: 'workflow', flags: ['a:generate:x', 'b:genrate:y'] } as const;
  expect(await problemsOfAsync(load(request))).toMatchObject([
    { message: "step 2: unknown task type 'genrate'", hint: "did you mean 'generate'?", task: 'b' },
  ]);
});
