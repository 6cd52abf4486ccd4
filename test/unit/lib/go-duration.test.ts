import { expect, test } from 'vitest';
import { formatGoDuration, parseGoDuration } from '../../../src/lib/go-duration.ts';

test.each([
  ['0', 0],
  ['-0', 0],
  ['-0s', 0],
  ['5m', 300e9],
  ['+5m', 300e9],
  ['-1s', -1e9],
  ['300ms', 300e6],
  ['1h30m', 5400e9],
  ['1h1m1s1ms1us1ns', 3661001001001],
  ['1.5s', 1.5e9],
  ['1.s', 1e9],
  ['.5s', 0.5e9],
  ['2µs', 2e3],
  ['2μs', 2e3],
  ['30s5m', 330e9],
])('%s is %d ns', (text, ns) => {
  expect(parseGoDuration(text)).toBe(ns);
});

test.each([
  '',
  '5',
  '-1',
  '300',
  'm',
  '5 m',
  ' 5m',
  '5M',
  '.s',
  '1..5s',
  '5mm',
  '5m3',
  '--5m',
  '1e3s',
  '5d',
  '3000000h',
  '5m\n',
])('%j is no duration', (text) => {
  expect(parseGoDuration(text)).toBeUndefined();
});

test('a very long number costs no more than its length', () => {
  expect(parseGoDuration('1'.repeat(200_000))).toBeUndefined();
});

test.each([
  [0, '0s'],
  [1, '1ns'],
  [0.4, '0s'],
  [999.6, '1µs'],
  [1_500, '1.5µs'],
  [999_999, '999.999µs'],
  [300e6, '300ms'],
  [1_500_000, '1.5ms'],
  [1.5e9, '1.5s'],
  [1e9, '1s'],
  [10e9, '10s'],
  [60e9, '1m0s'],
  [90e9, '1m30s'],
  [120e9, '2m0s'],
  [3600e9, '1h0m0s'],
  [3661.5e9, '1h1m1.5s'],
  [100 * 3600e9, '100h0m0s'],
  [59_999_999_999, '59.999999999s'],
  [-1.5e9, '-1.5s'],
])('%d ns read %s, as in Go', (ns, text) => {
  expect(formatGoDuration(ns)).toBe(text);
});
