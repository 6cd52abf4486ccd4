import { expect, test } from 'vitest';
import { countOf, formatRate, formatSeconds } from '../../../src/lib/format-numbers.ts';

test.each([
  [0, '0ms'],
  [40e6, '40ms'],
  [99.4e6, '99ms'],
  [99.6e6, '0.1s'],
  [3.24e9, '3.2s'],
  [59.94e9, '59.9s'],
  [59.96e9, '1m00s'],
  [65e9, '1m05s'],
  [3599.6e9, '1h00m'],
  [7380e9, '2h03m'],
  [-1e9, '0ms'],
])('%d ns read %s', (ns, text) => {
  expect(formatSeconds(ns)).toBe(text);
});

test.each([
  [8.333, '8.3'],
  [99.94, '99.9'],
  [99.96, '100'],
  [1234.4, '1234'],
])('%d per second read %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text);
});

test('a number agrees with its noun', () => {
  expect([countOf(0, 'task'), countOf(1, 'task'), countOf(2, 'task')]).toEqual(['0 tasks', '1 task', '2 tasks']);
});
