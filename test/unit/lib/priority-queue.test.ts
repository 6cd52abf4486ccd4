import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PriorityQueue } from '../../../src/lib/priority-queue.ts';

const drain = <T>(queue: PriorityQueue<T>): (T | undefined)[] =>
  Array.from({ length: queue.length }, () => queue.shift());

it('hands out the least first, equal ones as they came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (numbers) => {
      const queue = new PriorityQueue<{ number: number; at: number }>((a, b) => a.number < b.number);
      const items = numbers.map((number, at) => ({ number, at }));
      for (const item of items) queue.push(item);
      expect(drain(queue)).toEqual(items.toSorted((a, b) => a.number - b.number));
    }),
  );
});

it('takes new items between two that are handed out', () => {
  const queue = new PriorityQueue<number>((a, b) => a < b);
  for (const number of [5, 3, 9]) queue.push(number);
  expect(queue.shift()).toBe(3);
  queue.push(4);
  expect([queue.peek(), ...drain(queue)]).toEqual([4, 4, 5, 9]);
});

it('has nothing to hand out when it is empty', () => {
  const queue = new PriorityQueue<number>((a, b) => a < b);
  expect([queue.peek(), queue.shift(), queue.length]).toEqual([undefined, undefined, 0]);
});

it('what is cleared is handed back', () => {
  const queue = new PriorityQueue<number>((a, b) => a < b);
  for (const number of [3, 1, 2]) queue.push(number);
  expect([...queue].sort()).toEqual([1, 2, 3]);
  expect(queue.clear().sort()).toEqual([1, 2, 3]);
  expect([queue.length, queue.shift()]).toEqual([0, undefined]);
});
