import { expect, test } from 'vitest';
import { findJson, type JsonCheck } from '../../../src/lib/find-json.ts';

const textIn = (answer: string, check?: JsonCheck) => {
  const search = findJson(answer, check);
  return 'found' in search ? search.found.text : undefined;
};
const hasA: JsonCheck = (value) => (typeof value === 'object' && value && 'a' in value ? undefined : 'a is missing');

test.each([
  ['the whole answer', ' {"a":1}\n', '{"a":1}'],
  ['the whole answer, when it is no object', '"yes"', '"yes"'],
  ['a fenced block', 'Sure!\n```json\n{"a":1}\n```\nBye.', '{"a":1}'],
  ['an object in a sentence', 'It is {"a":[1,{"b":"}"}]}, I think.', '{"a":[1,{"b":"}"}]}'],
  ['what follows a thought', '<think>{"a":0}?</think>{"a":1}', '{"a":1}'],
  ['what follows an open thought', 'maybe {"a":0}</think> So: {"a":1}', '{"a":1}'],
  ['an object behind braces that are none', 'f(x) { return } gives {"a":1}', '{"a":1}'],
  ['a document rather than a footnote', '{"a":"long enough"} [1]', '{"a":"long enough"}'],
  ['the last of two alike', '{"a":1} no, {"a":2}', '{"a":2}'],
  ['a block that is not closed', '```json\n{"a":1}', '{"a":1}'],
  ['thought tags inside of a string', '{"a":"</think>"}', '{"a":"</think>"}'],
  ['an object with escapes', 'so {"a":"\\"\\u00e9\\\\"}.', '{"a":"\\"\\u00e9\\\\"}'],
])('finds %s', (_what, answer, expected) => {
  expect(textIn(answer)).toBe(expected);
});

test('the document that passes the check is taken, wherever it stands', () => {
  expect(textIn('```json\n{"example":true}\n```\n{"a":1}\n{"longer":"but wrong"}', hasA)).toBe('{"a":1}');
});

test.each([
  ['nothing', '', 'there is no text'],
  ['prose', 'no idea', 'there is no JSON document in it'],
  ['a document that breaks off', 'Example: {"a":1}. Answer: {"a": [1, 2', 'it breaks off inside a JSON document'],
  ['a document only in a thought', '<think>{"a":1}</think>no', 'there is no JSON document in it'],
  ['a trailing comma', '{"a":1,}', 'there is no JSON document in it'],
  ['numbers in prose', 'there are 42', 'there is no JSON document in it'],
])('of %s it says why there is none', (_what, answer, reason) => {
  expect(findJson(answer)).toEqual({ reason });
});

test('when no document passes the check, it says what is wrong with the likeliest', () => {
  expect(findJson('{"b":1}', hasA)).toEqual({ reason: 'a is missing' });
});

test.each([501, 600, 100_000])('a document nested %i deep is none, and no part of it is one', (depth) => {
  const answer = `See: ${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(findJson(answer)).toEqual({ reason: 'its JSON is nested too deeply' });
});
