import { expect, test } from 'vitest';
import { parseTasksFile } from '../../../src/spec/tasks-file.ts';
import { problemsOf } from './problems-of.ts';

const tasksOf = (text: string): unknown[] => parseTasksFile(text, 'a.jsonl').map(({ task }) => task);

test.each([
  ['', []],
  ['\n \n\t\n', []],
  [
    'generate:one\nchat:two',
    [
      { type: 'generate', input: 'one' },
      { type: 'chat', input: 'two' },
    ],
  ],
  [
    'generate:one\r\nchat:two\r\n',
    [
      { type: 'generate', input: 'one' },
      { type: 'chat', input: 'two' },
    ],
  ],
  ['\uFEFFgenerate:one', [{ type: 'generate', input: 'one' }]],
  ['\uFEFF{"type":"chat"}', [{ type: 'chat' }]],
  ['generate:\uFEFFone', [{ type: 'generate', input: '\uFEFFone' }]],
  ['generate: spaced ', [{ type: 'generate', input: ' spaced ' }]],
  ['generate:a:b, "c"', [{ type: 'generate', input: 'a:b, "c"' }]],
  ['generate:{"a": 1}', [{ type: 'generate', input: '{"a": 1}' }]],
  ['  {"type": "embed", "input": "x"}', [{ type: 'embed', input: 'x' }]],
  ['{"type":"generate","input":"a\\nb\\u2028"}', [{ type: 'generate', input: 'a\nb\u2028' }]],
  ['generate:a\u2028b', [{ type: 'generate', input: 'a\u2028b' }]],
])('%j holds %j', (text, tasks) => {
  expect(tasksOf(text)).toEqual(tasks);
});

test('a task knows the line it stands in, blank lines counted', () => {
  expect(parseTasksFile('\n\ngenerate:x', 'a.jsonl')).toEqual([
    {
      task: { type: 'generate', input: 'x' },
      place: 'a.jsonl line 3',
      location: { file: 'a.jsonl', line: 3, column: 1 },
    },
  ]);
});

test('every line that cannot be read is told, with its place', () => {
  const problems = problemsOf(() => parseTasksFile('no colon\ngenerate:x\n{"type": generate}', 'a.jsonl'));
  expect(problems).toMatchObject([
    {
      code: 'task-invalid',
      message: 'a.jsonl line 1: "no colon" is not of the form \'type:prompt\'',
      location: { file: 'a.jsonl', line: 1, column: 1 },
    },
    {
      code: 'task-invalid',
      message: expect.stringMatching(/^a\.jsonl line 3: unexpected token .*JSON/) as unknown,
      location: { file: 'a.jsonl', line: 3, column: 1 },
    },
  ]);
});

test('a file full of errors tells the first hundred and that there are more', () => {
  const problems = problemsOf(() => parseTasksFile('oops\n'.repeat(200_000), 'a.jsonl'));
  expect([problems.length, problems.at(-1)?.message]).toEqual([
    101,
    'there are more problems; these are the first 100',
  ]);
});
