import { expect, test } from 'vitest';
import { withoutThinking } from '../../../src/lib/without-thinking.ts';

test.each([
  ['no thoughts', 'yes', 'yes'],
  ['a thought before the answer', '<think>hm\nhm</think>yes', 'yes'],
  ['several thoughts', '<think>a</think>y<thinking>b</thinking>es', 'yes'],
  ['a thought the template opened', 'hm hm</think>yes', 'yes'],
  ['a thought that never ends', 'yes<think>hm', 'yes'],
  ['tags in capitals', '<THINK>hm</THINK>yes', 'yes'],
])('%s', (_what, answer, expected) => {
  expect(withoutThinking(answer)).toBe(expected);
});
