import { expect, test } from 'vitest';
import { createBatches } from '../../../src/journal/write-batches.ts';
import { completedRun } from './journal-rig.ts';

const [first, second, third] = completedRun('run-1') as [never, never, never];

/** Writes when told to, and knows what was written together. */
class Script {
  readonly written: unknown[][] = [];
  readonly #due: (() => void)[] = [];
  failing = false;
  readonly batches = createBatches(
    (events) => {
      if (this.failing) throw new Error('disk full');
      this.written.push([...events]);
    },
    (callback) => this.#due.push(callback),
  );

  turn(): void {
    for (const callback of this.#due.splice(0)) callback();
  }
}

test('events that come together are written together, in their order', async () => {
  const script = new Script();
  const kept = Promise.all([script.batches.add(first), script.batches.add(second)]);
  expect(script.written).toEqual([]);
  script.turn();
  await kept;
  expect(script.written).toEqual([[first, second]]);
});

test('an event that comes later is written on its own', async () => {
  const script = new Script();
  for (const event of [first, second]) {
    const kept = script.batches.add(event);
    script.turn();
    await kept;
  }
  expect(script.written).toEqual([[first], [second]]);
});

test('what waits when all is closed is written', async () => {
  const script = new Script();
  const kept = script.batches.add(first);
  script.batches.flush();
  script.turn();
  await kept;
  expect(script.written).toEqual([[first]]);
});

test('once an event could not be written, none that follows is', async () => {
  const script = new Script();
  script.failing = true;
  const kept = Promise.allSettled([script.batches.add(first), script.batches.add(second)]);
  script.turn();
  expect((await kept).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  script.failing = false;
  const later = Promise.allSettled([script.batches.add(third)]);
  script.turn();
  expect(await later).toMatchObject([{ status: 'rejected', reason: { message: 'disk full' } }]);
  expect(script.written).toEqual([]);
});
