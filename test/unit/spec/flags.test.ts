import { expect, test } from 'vitest';
import { parseStepFlag, parseTaskFlag, parseTaskLine } from '../../../src/spec/flags.ts';
import { problemsOf } from './problems-of.ts';

test.each([
  ['generate:Say hello', 'generate', { text: 'Say hello' }],
  ['generate:a:b::c', 'generate', { text: 'a:b::c' }],
  ['generate:one, "two", \'three\'', 'generate', { text: 'one, "two", \'three\'' }],
  ['generate:first\nsecond', 'generate', { text: 'first\nsecond' }],
  ['generate:  spaced  ', 'generate', { text: '  spaced  ' }],
  [' chat :Grüße, 世界 👋', 'chat', { text: 'Grüße, 世界 👋' }],
  ['generate:', 'generate', { text: '' }],
  [':no type', '', { text: 'no type' }],
  ['generate:@notes.txt', 'generate', { file: 'notes.txt' }],
  ['generate:@dir/a:b.txt', 'generate', { file: 'dir/a:b.txt' }],
  ['generate:@@user', 'generate', { text: '@user' }],
  ['generate:@@@user', 'generate', { text: '@@user' }],
  ['generate:@two words', 'generate', { text: '@two words' }],
  ['generate:@@two words', 'generate', { text: '@@two words' }],
  ['generate:@word\n', 'generate', { text: '@word\n' }],
  ['generate: @word', 'generate', { text: ' @word' }],
  ['generate:@', 'generate', { text: '@' }],
])('--tasks %j is type %j with prompt %j', (value, type, prompt) => {
  expect(parseTaskFlag(value)).toEqual({ type, prompt });
});

test.each([
  ['plan:generate:Plan a trip', { name: 'plan', type: 'generate', prompt: { text: 'Plan a trip' } }],
  ['plan:generate:a:b', { name: 'plan', type: 'generate', prompt: { text: 'a:b' } }],
  [' plan : generate :x', { name: 'plan', type: 'generate', prompt: { text: 'x' } }],
  ['style:chat:@style.md', { name: 'style', type: 'chat', prompt: { file: 'style.md' } }],
  ['::', { name: '', type: '', prompt: { text: '' } }],
])('--steps %j is read', (value, flag) => {
  expect(parseStepFlag(value)).toEqual(flag);
});

test.each([
  [parseTaskFlag, 'hello', '--tasks: "hello" is not of the form \'type:prompt\''],
  [parseTaskFlag, '', '--tasks: "" is not of the form \'type:prompt\''],
  [parseStepFlag, 'generate:Say hello', '--steps: "generate:Say hello" is not of the form \'name:type:prompt\''],
])('%o refuses %j', (parse, value, message) => {
  expect(problemsOf(() => parse(value))).toMatchObject([{ code: 'task-invalid', message }]);
});

test('a refused value is shown by its beginning only', () => {
  expect(problemsOf(() => parseTaskFlag('x'.repeat(100_000)))[0]?.message).toHaveLength(244);
});

test('a line of a tasks file reads no file', () => {
  expect(parseTaskLine('generate:@notes.txt', 'a.jsonl line 1')).toEqual({ type: 'generate', input: '@notes.txt' });
});
