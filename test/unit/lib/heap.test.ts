import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from '../../../src/lib/heap.ts';

const ascending = (a: number, b: number): number => a - b;

test('items come out in the order of the comparison, however pushes and shifts alternate', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.array(fc.boolean()), (numbers, shifts) => {
      const heap = new Heap<number>(ascending);
      let sorted: number[] = [];
      for (const [index, number] of numbers.entries()) {
        heap.push(number);
        sorted = [...sorted, number].sort(ascending);
        if (shifts[index]) expect(heap.shift()).toBe(sorted.shift());
        expect([heap.peek(), heap.length]).toEqual([sorted[0], sorted.length]);
      }
      for (const number of sorted) expect(heap.shift()).toBe(number);
      expect(heap.shift()).toBeUndefined();
    }),
  );
});

test('what is cleared is handed back', () => {
  const heap = new Heap<number>(ascending);
  for (const number of [3, 1, 2]) heap.push(number);
  expect(heap.clear().sort(ascending)).toEqual([1, 2, 3]);
  expect([...heap]).toEqual([]);
});
