import { expect, test } from 'vitest';
import { Fifo } from '../../../src/lib/fifo.ts';

const filled = (...items: number[]): Fifo<number> => {
  const fifo = new Fifo<number>();
  for (const item of items) fifo.push(item);
  return fifo;
};

test('items leave in the order in which they came', () => {
  const fifo = filled(1, 2, 3);
  expect([fifo.shift(), fifo.shift(), fifo.shift(), fifo.shift()]).toEqual([1, 2, 3, undefined]);
});

test('an item put in front leaves first, also after others have left', () => {
  const fifo = filled(1, 2);
  fifo.unshift(0);
  const first = fifo.shift();
  fifo.unshift(9);
  expect([first, ...fifo]).toEqual([0, 9, 1, 2]);
});

test('peek shows the next item and leaves it there', () => {
  const fifo = filled(1, 2);
  expect([fifo.peek(), fifo.peek(), fifo.length]).toEqual([1, 1, 2]);
});

test('an empty queue has nothing', () => {
  const fifo = filled();
  expect([fifo.length, fifo.peek(), fifo.shift(), [...fifo]]).toEqual([0, undefined, undefined, []]);
});

test('a long queue keeps its order and length while it is worked off', () => {
  const fifo = new Fifo<number>();
  const left: (number | undefined)[] = [];
  for (let item = 0; item < 5_000; item++) fifo.push(item);
  for (let turn = 0; turn < 4_000; turn++) left.push(fifo.shift());
  fifo.push(5_000);
  expect(left).toEqual(Array.from({ length: 4_000 }, (_, item) => item));
  expect([fifo.length, fifo.peek(), [...fifo].at(-1)]).toEqual([1_001, 4_000, 5_000]);
});
