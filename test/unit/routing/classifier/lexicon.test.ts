import { expect, test } from 'vitest';
import { createWordCounter } from '../../../../src/routing/classifier/count-words.ts';
import { eachWord } from '../../../../src/routing/classifier/lexicon.ts';
import { wordGroups, words } from '../../../../src/routing/classifier/words/index.ts';

const countWords = createWordCounter();

test.each(wordGroups)('every word listed under %s is found in text', (group) => {
  const listed = words[group].trim().split(/\s+/);
  const texts = listed.map((entry) => entry.replaceAll('_', ' ').replace('*', 'ение'));
  expect(texts.filter((text) => countWords(text).anywhere.of[group] === 0)).toEqual([]);
});

test.each(wordGroups)('no word is listed twice under %s', (group) => {
  const listed = words[group].trim().split(/\s+/);
  expect(listed.filter((entry, at) => listed.indexOf(entry) !== at)).toEqual([]);
});

test('words are told apart by blanks and signs, those of scripts without blanks by every pair and three', () => {
  const found: string[] = [];
  eachWord('Use C++, Node.js or C# (3 times): 写函数', (word) => found.push(word));
  expect(found).toEqual(['use', 'c++', 'node.js', 'or', 'c#', '3', 'times', '写函', '写函数', '函数']);
});
