import { expect, test } from 'vitest';
import { createBatches, mostLateMs } from '../../../src/journal/write-batches.ts';
import { ManualClock } from '../engine/manual-clock.ts';
import { completedRun } from './journal-rig.ts';

/** The start and the end of each of two tasks, between the start and the end of the run. */
const [, start, end, laterStart, laterEnd] = completedRun('run-1') as [never, never, never, never, never];

/** Writes when told to, and knows what was written together. */
class Script {
  readonly written: unknown[][] = [];
  readonly clock = new ManualClock();
  readonly #due: (() => void)[] = [];
  failing = false;
  readonly batches = createBatches(
    (events) => {
      if (this.failing) throw new Error('disk full');
      this.written.push([...events]);
    },
    { soon: (callback) => this.#due.push(callback), clock: this.clock },
  );

  turn(): void {
    for (const callback of this.#due.splice(0)) callback();
  }
}

test('ends that come together are written together, in their order', async () => {
  const script = new Script();
  const kept = Promise.all([script.batches.add(end), script.batches.add(laterEnd)]);
  expect(script.written).toEqual([]);
  script.turn();
  await kept;
  expect(script.written).toEqual([[end, laterEnd]]);
});

test('an end that comes later is written on its own', async () => {
  const script = new Script();
  for (const event of [end, laterEnd]) {
    const kept = script.batches.add(event);
    script.turn();
    await kept;
  }
  expect(script.written).toEqual([[end], [laterEnd]]);
});

test('the start of a task, for which nothing waits, is written with the next end', async () => {
  const script = new Script();
  const kept = Promise.all([script.batches.add(start), script.batches.add(laterStart)]);
  script.turn();
  expect(script.written).toEqual([]);
  const ended = script.batches.add(end);
  script.turn();
  await Promise.all([kept, ended]);
  expect(script.written).toEqual([[start, laterStart, end]]);
  expect(script.clock.pending).toBe(0);
});

test('where no end follows, a start is written after a moment', async () => {
  const script = new Script();
  const kept = script.batches.add(start);
  script.clock.advance(mostLateMs);
  await kept;
  expect(script.written).toEqual([[start]]);
});

test('what waits when all is closed is written', async () => {
  const script = new Script();
  const kept = Promise.all([script.batches.add(end), script.batches.add(laterStart)]);
  script.batches.flush();
  script.turn();
  await kept;
  expect(script.written).toEqual([[end, laterStart]]);
});

test('once an event could not be written, none that follows is', async () => {
  const script = new Script();
  script.failing = true;
  const kept = Promise.allSettled([script.batches.add(start), script.batches.add(end)]);
  script.turn();
  expect((await kept).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  script.failing = false;
  const later = Promise.allSettled([script.batches.add(laterEnd)]);
  script.turn();
  expect(await later).toMatchObject([{ status: 'rejected', reason: { message: 'disk full' } }]);
  expect(script.written).toEqual([]);
});
