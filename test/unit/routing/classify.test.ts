import { expect, test } from 'vitest';
import type { Kind } from '../../../src/lib/kinds.ts';
import { classify } from '../../../src/routing/classify.ts';

test.each<[Kind, string]>([
  ['code', 'Review this Python code for bugs: def add(a,b): return a+b'],
  ['code', 'Write a TypeScript function that reverses a linked list'],
  ['code', '```js\nconsole.log(1)\n```\nWhat does this print?'],
  ['code', 'Explain this SQL query: SELECT * FROM users'],
  ['code', 'Why does my Dockerfile fail to build?'],
  ['math', 'Solve for x: 3x + 5 = 20'],
  ['math', 'What is the derivative of x^2?'],
  ['math', 'What is 12 * 34?'],
  ['math', 'Prove that the sum of two even numbers is even'],
  ['writing', 'Write a short story about a lighthouse keeper'],
  ['writing', 'Draft an email to my landlord about the heating'],
  ['writing', 'Compose a haiku on autumn'],
  ['translation', 'Translate this sentence into German: Where is the station?'],
  ['translation', 'Put the following into French: good evening'],
  ['extraction', 'Extract all dates and names from this letter: …'],
  ['extraction', 'Give me the named entities in this text as JSON'],
  ['chat', 'Hello, how are you today?'],
  ['chat', 'thanks'],
  ['other', 'What is the capital of France?'],
  ['other', ''],
  ['other', '日本の首都はどこですか'],
])('%s: %s', (kind, prompt) => {
  expect(classify(prompt)).toBe(kind);
});

test.each(['decode this message', 'encode it', 'My functional training plan', 'barcode scanners'])(
  'a word inside another word decides nothing: %s',
  (prompt) => {
    expect(classify(prompt)).toBe('other');
  },
);

test('of a long prompt the beginning and the end are looked at', () => {
  const middle = 'lorem ipsum '.repeat(1_000);
  expect([
    classify(`Translate this into German: ${middle}`),
    classify(`${middle}\nTranslate the above into German.`),
    classify(`${middle} translate into German ${middle}`),
  ]).toEqual(['translation', 'translation', 'other']);
});
