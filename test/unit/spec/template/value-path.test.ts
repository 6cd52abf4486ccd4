import { expect, test } from 'vitest';
import { lookUp, parsePath, showPath } from '../../../../src/spec/template/value-path.ts';

test.each([
  ['', []],
  ['.a', ['a']],
  ['.a.b-c[0].ü', ['a', 'b-c', 0, 'ü']],
  ["['a b']", ['a b']],
  ["['it''s']", ["it's"]],
  ['["a.b"]', ['a.b']],
  ['.0', ['0']],
  ['[007]', [7]],
])('%j is the path %j', (text, path) => {
  expect(parsePath(text)).toEqual(path);
});

test.each(['a', '.', '..a', '.a b', '[x]', '[-1]', '[1', "['a]", '[1.5]', '.a[', '[9999999999999999]', '[]'])(
  '%j is no path',
  (text) => {
    expect(parsePath(text)).toBeUndefined();
  },
);

test('keys are shown in quotes where they need them', () => {
  expect(showPath(['a', 0, 'b c', "it's", 'x.y'])).toBe(".a[0]['b c']['it''s']['x.y']");
});

test.each([
  [{ a: [{ b: 1 }] }, ['a', 0, 'b'], { value: 1 }],
  [{ a: null }, ['a'], { value: null }],
  [{ a: { x: 1, y: 2 } }, ['a', 'b', 'c'], { missing: 'b', depth: 1, known: ['x', 'y'] }],
  [[1, 2], [2], { missing: 2, depth: 0, known: [] }],
  [[1, 2], ['length'], { missing: 'length', depth: 0, known: [] }],
  [{}, ['toString'], { missing: 'toString', depth: 0, known: [] }],
  ['text', [0], { missing: 0, depth: 0, known: [] }],
])('in %j the path %j leads to %j', (value, path, found) => {
  expect(lookUp(value, path)).toEqual(found);
});
