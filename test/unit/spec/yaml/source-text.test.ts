import { expect, test } from 'vitest';
import { createSourceText, markRange } from '../../../../src/spec/yaml/source-text.ts';

const mark = (text: string, words: string): ReturnType<typeof markRange> => {
  const at = text.indexOf(words);
  return markRange(createSourceText('f.yaml', text), [at, at + words.length]);
};

test.each([
  ['a\nb: cc\nd', 'cc', 2, 4, '2 | b: cc\n  |    ^^'],
  ['a\r\nb: cc\r\nd', 'cc', 2, 4, '2 | b: cc\n  |    ^^'],
  ['a\rb', 'b', 2, 1, '2 | b\n  | ^'],
  ['\ta\tbb', 'bb', 1, 4, '1 | \ta\tbb\n  | \t \t^^'],
  ['日本 x', 'x', 1, 4, '1 | 日本 x\n  |      ^'],
  ['x 日本', '日本', 1, 3, '1 | x 日本\n  |   ^^^^'],
  ['a: |\n  two\n', '|\n  two', 1, 4, '1 | a: |\n  |    ^'],
  ['', '', 1, 1, '1 | \n  | ^'],
])('in %j the words %j are marked', (text, words, line, column, excerpt) => {
  expect(mark(text, words)).toEqual({ location: { file: 'f.yaml', line, column }, excerpt });
});

test('the number of the line makes room for itself', () => {
  expect(mark(`${'\n'.repeat(99)}x`, 'x').excerpt).toBe('100 | x\n    | ^');
});

test('a very long line is shown around the mark', () => {
  const [line = '', carets = ''] = mark(`${'a'.repeat(5_000)}HERE${'b'.repeat(5_000)}`, 'HERE').excerpt.split('\n');
  expect(line.length).toBeLessThan(130);
  expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('HERE');
  expect([line.startsWith('1 | …'), line.endsWith('…')]).toEqual([true, true]);
});
