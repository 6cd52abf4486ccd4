import { expect, it } from 'vitest';
import { createSeededRandom } from '../../../src/lib/seeded-random.ts';

const numbers = (seed: number): number[] => {
  const random = createSeededRandom(seed);
  return Array.from({ length: 1000 }, random);
};

it('gives the same numbers for the same seed, and others for another', () => {
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
});

it('spreads over all of 0 to 1', () => {
  const all = numbers(1);
  expect(all.every((number) => number >= 0 && number < 1)).toBe(true);
  for (let tenth = 0; tenth < 10; tenth++)
    expect(all.filter((number) => Math.floor(number * 10) === tenth).length).toBeGreaterThan(60);
});
