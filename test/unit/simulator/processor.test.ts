import { expect, it } from 'vitest';
import { Processor } from '../../../src/simulator/processor.ts';
import { createVirtualClock } from '../../../src/simulator/virtual-clock.ts';

function start() {
  const clock = createVirtualClock();
  const done: [string, number][] = [];
  const processor = new Processor(clock);
  const work = (name: string, ms: number) =>
    processor.work(ms, () => done.push([name, Math.round(clock.now() * 10) / 10]));
  return { clock, processor, done, work };
}

it('does one piece of work in its own time', () => {
  const { clock, done, work } = start();
  work('a', 100);
  clock.runAll();
  expect(done).toEqual([['a', 100]]);
});

it('does two at once in less than twice the time of one', () => {
  const { clock, done, work } = start();
  work('a', 100);
  work('b', 100);
  clock.runAll();
  expect(done).toEqual([
    ['a', 143],
    ['b', 143],
  ]);
});

it('goes on quicker with what is left when another piece has ended', () => {
  const { clock, done, work } = start();
  work('short', 50);
  work('long', 100);
  clock.runAll();
  expect(done).toEqual([
    ['short', 71.5],
    ['long', 121.5],
  ]);
});

it('does not do what was stopped, and loses no time over it', () => {
  const { clock, done, work } = start();
  const stop = work('a', 100);
  work('b', 100);
  clock.after(71.5, stop);
  clock.runAll();
  expect(done).toEqual([['b', 121.5]]);
});

it('does nothing any more when it is killed', () => {
  const { clock, processor, done, work } = start();
  work('a', 100);
  clock.after(50, () => processor.kill());
  clock.runAll();
  expect(done).toEqual([]);
});
