import { expect, it } from 'vitest';
import { createSeededRandom } from '../../../src/lib/seeded-random.ts';
import { createFaults, type FaultRule } from '../../../src/simulator/faults.ts';

const faults = (...rules: FaultRule[]) => createFaults(rules, createSeededRandom(1));
const times = <T>(count: number, ask: () => T): T[] => Array.from({ length: count }, ask);

it('happens each time, to every model, unless said otherwise', () => {
  const { faultOf } = faults({ kind: '503' });
  expect(times(3, () => faultOf('a:latest')?.kind)).toEqual(['503', '503', '503']);
});

it('happens to its model alone, from its place on and so many times', () => {
  const { faultOf } = faults({ kind: 'slow', model: 'A', at: 2, count: 2 });
  expect(faultOf('b:latest')).toBeUndefined();
  expect(times(4, () => faultOf('a:latest')?.kind)).toEqual([undefined, 'slow', 'slow', undefined]);
});

it('is decided for loads apart from prompts', () => {
  const { fateOf, faultOf } = faults({ kind: 'hang-load', count: 1 }, { kind: 'crash-load', count: 1 });
  expect(faultOf('a:latest')).toBeUndefined();
  expect(times(3, () => fateOf('a:latest'))).toEqual(['hang', 'crash', 'load']);
});

it('happens as often as is likely, and at the same places for the same seed', () => {
  const run = () => {
    const { faultOf } = faults({ kind: '503', probability: 0.25 });
    return times(400, () => faultOf('a:latest') !== undefined);
  };
  expect(run()).toEqual(run());
  expect(run().filter(Boolean).length / 400).toBeCloseTo(0.25, 1);
});

it('gives way to one before it', () => {
  const { faultOf } = faults({ kind: 'slow', at: 2 }, { kind: '503' });
  expect(times(2, () => faultOf('a:latest')?.kind)).toEqual(['503', 'slow']);
});
