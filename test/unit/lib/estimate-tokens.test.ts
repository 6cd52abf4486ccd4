import { expect, test } from 'vitest';
import { countWords, estimateTokens } from '../../../src/lib/estimate-tokens.ts';

test.each([
  ['', 0],
  ['Hello, world', 3],
  ['the quick brown fox', 4],
  ['12345678', 5],
  ['runInParts', 3],
  ['\n\n', 2],
  ['='.repeat(64), 5],
  ['人人生而自由', 5],
])('%j is about %i tokens', (text, expected) => {
  expect(estimateTokens(text)).toBe(expected);
});

test.each([
  ["don't stop", 2],
  ['<|start_header_id|>', 1],
  ['a1b', 2],
  ['1 2 3 !', 0],
  ['été à Noël', 3],
  ['می\u200cشود', 1],
  ['❤️❤️', 0],
])('%j has %i words', (text, expected) => {
  expect(countWords(text)).toBe(expected);
});

test('words are counted no further than asked for', () => {
  expect(countWords('one two three', 2)).toBe(2);
});
