import { expect, it } from 'vitest';
import { onCores, onModel, Processor, type Sharing } from '../../../src/simulator/processor.ts';
import { createVirtualClock } from '../../../src/simulator/virtual-clock.ts';

function start(sharing: Sharing = onModel) {
  const clock = createVirtualClock();
  const done: [string, number][] = [];
  const processor = new Processor(clock, sharing);
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

it('on two cores does two pieces in the time of one, and four in twice that', () => {
  for (const [count, ms] of [
    [2, 100],
    [4, 200],
  ] as const) {
    const { clock, done, work } = start(onCores(2));
    for (let piece = 0; piece < count; piece++) work(`${piece}`, 100);
    clock.runAll();
    expect(done.map(([, at]) => at)).toEqual(Array(count).fill(ms));
  }
});

it('waits without losing its place when nothing is to be done', () => {
  const { clock, done, work } = start();
  work('a', 100);
  clock.run(1000);
  work('b', 100);
  clock.runAll();
  expect(done).toEqual([
    ['a', 100],
    ['b', 1100],
  ]);
});
