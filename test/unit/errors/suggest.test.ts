import { expect, test } from 'vitest';
import { closest, suggest } from '../../../src/errors/suggest.ts';

const types = ['generate', 'chat', 'embed', 'custom'];

test.each([
  ['genrate', 'generate'],
  ['GENERATE', 'generate'],
  ['generete', 'generate'],
  ['chta', 'chat'],
  ['cat', 'chat'],
  ['embedd', 'embed'],
  ['translate', undefined],
  ['', undefined],
])('the word nearest to %j is %j', (word, match) => {
  expect(closest(word, types)).toBe(match);
});

test('of several near words the nearest is taken', () => {
  expect(closest('step12', ['stop13', 'stap1', 'step13'])).toBe('step13');
});

test.each([
  ['genrate', types, "did you mean 'generate'?"],
  ['translate', types, 'known: generate, chat, embed, custom'],
  ['x', [], 'there is none'],
  ['nothing', Array.from({ length: 26 }, (_, index) => `name-${index}`), /^known: name-0, .*, name-23 and 2 more$/],
])('the hint for %j is told', (word, known, hint) => {
  expect(suggest(word, known)).toEqual(typeof hint === 'string' ? hint : expect.stringMatching(hint));
});

test('nothing is near to no word at all', () => {
  expect(closest('', ['a', 'b'])).toBeUndefined();
});
