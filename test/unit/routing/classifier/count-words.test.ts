import { expect, test } from 'vitest';
import { createWordCounter } from '../../../../src/routing/classifier/count-words.ts';

const countWords = createWordCounter();

test('a word counts once, however often it stands there', () => {
  expect(countWords('Python, python and PYTHON').anywhere.of.language).toBe(1);
});

test.each(['linked list', 'linked-list', 'Linked\nList'])('words in a row are found as one entry: %j', (text) => {
  expect(countWords(text).anywhere.of.code).toBe(1);
});

test.each(['linked, list', 'linked the list'])('words that do not follow each other are none: %j', (text) => {
  expect(countWords(text).anywhere.of.code).toBe(0);
});

test('a word that is bent is found by its beginning', () => {
  expect(countWords('программистами').anywhere.of.code).toBe(1);
});

test('words in the middle of a long text are not at its edge', () => {
  const far = 'x '.repeat(200);
  const { anywhere, atEdges } = countWords(`${far}python ${far}`);
  expect([anywhere.of.language, atEdges.of.language]).toEqual([1, 0]);
});

test('what words say is shared among the topics, and a single word claims little', () => {
  const share = (text: string) => countWords(text).anywhere.share;
  expect(share('python algorithm compiler').code).toBeGreaterThan(share('python').code);
  expect(share('python algorithm compiler').code).toBeGreaterThan(share('python algorithm compiler poem theorem').code);
  expect(share('')).toEqual({ code: 0, math: 0, writing: 0, other: 0 });
});
