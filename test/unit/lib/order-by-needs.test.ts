import { expect, test } from 'vitest';
import { orderByNeeds } from '../../../src/lib/order-by-needs.ts';

const node = (name: string, ...needs: string[]): { name: string; needs: string[] } => ({ name, needs });

test('each comes after those it needs, else as given', () => {
  expect(orderByNeeds([node('c', 'b'), node('a'), node('b')])).toEqual({ order: ['b', 'c', 'a'], circles: [] });
});

test('every circle is told, and the rest is in order all the same', () => {
  const nodes = [node('a', 'b'), node('b', 'a'), node('c', 'c'), node('d', 'a')];
  expect(orderByNeeds(nodes)).toEqual({
    order: ['b', 'a', 'c', 'd'],
    circles: [
      ['a', 'b', 'a'],
      ['c', 'c'],
    ],
  });
});
