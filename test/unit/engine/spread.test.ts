import { expect, test } from 'vitest';
import { doneInMs, isWorthwhile, type Worker } from '../../../src/engine/spread.ts';

const worker = (freeInMs: number, answerMs = 1_000): Worker => ({ freeInMs, answerMs });

test.each<[string, number, Worker[], number]>([
  ['one server', 5, [worker(0)], 5_000],
  ['one server after a load', 5, [worker(60_000)], 65_000],
  ['two equal servers', 10, [worker(0), worker(0)], 5_000],
  ['a server whose load takes longer than the work does not count', 3, [worker(0), worker(60_000)], 3_000],
  ['a fast and a slow server', 10, [worker(0, 1_000), worker(0, 4_000)], 8_000],
  ['one task takes as long as the quickest server needs for it', 1, [worker(0), worker(0)], 1_000],
  ['nobody never gets done', 1, [], Infinity],
])('%s', (_title, tasks, workers, expected) => {
  expect(doneInMs(tasks, workers)).toBeCloseTo(expected);
});

test('a model with three tasks of a second is not loaded a second time for a minute', () => {
  expect(isWorthwhile(worker(60_000), 3, [worker(0)])).toBe(false);
  expect(isWorthwhile(worker(60_000), 300, [worker(0)])).toBe(true);
});

test('a server that is alone takes everything, however slow it is', () => {
  expect(isWorthwhile(worker(1e9), 1, [])).toBe(true);
});

test('of equal servers each may take the only task', () => {
  expect(isWorthwhile(worker(0), 1, [worker(0)])).toBe(true);
});
