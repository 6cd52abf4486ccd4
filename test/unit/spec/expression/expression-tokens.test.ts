import { expect, test } from 'vitest';
import { readTokens, toTokens } from '../../../../src/spec/expression/expression-tokens.ts';

test('every doubled quote in a text is one quote', () => {
  expect(toTokens("'it''s o''clock'")[0]?.value).toBe("it's o'clock");
});

test('tokens stand at their places, over several lines, too', () => {
  const places = toTokens("vars.x ==\n\t'a\nb' && true").map(({ lexeme, start }) => [lexeme, start]);
  expect(places).toEqual([
    ['vars', 0],
    ['.', 4],
    ['x', 5],
    ['==', 7],
    ["'a\nb'", 11],
    ['&&', 17],
    ['true', 20],
    ['', 24],
  ]);
});

test('what cannot be read does not hide what follows', () => {
  const { tokens, faults } = readTokens('a "b" c = d');
  expect(faults.map(({ start, end }) => [start, end])).toEqual([
    [2, 5],
    [8, 9],
  ]);
  expect(tokens.filter(({ lexeme }) => /[acd]/.test(lexeme)).length).toBe(3);
});

test('only so many faults are looked for', () => {
  expect(readTokens('# '.repeat(50)).faults).toHaveLength(10);
});
