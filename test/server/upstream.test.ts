import { expect, test } from 'vitest';
import { Turns, type Seat } from '../../src/engine/turns.ts';
import { Upstream } from '../../src/server/upstream.ts';
import { ManualClock } from '../unit/engine/manual-clock.ts';

const url = 'http://gpu1';
const place = { host: url, key: 'm:latest\n' };

/** Counts who sits there. */
class CountedTurns extends Turns {
  seats = 0;

  override join(onTurn: () => void): Seat {
    const seat = super.join(onTurn);
    this.seats += 1;
    const leave = (): void => {
      this.seats -= 1;
      seat.leave();
    };
    return { ...seat, leave };
  }
}

function open(limits = { inside: 1, waiting: 1 }) {
  const turns = new CountedTurns();
  const upstream = new Upstream({
    ...{ addresses: [], limits, survey: () => Promise.resolve({ hosts: [] }), clock: new ManualClock(), turns },
  });
  const enter = (signal = new AbortController().signal) => upstream.enter({ url, model: 'm', client: 'c' }, signal);
  return { turns, upstream, enter };
}

test('requests that are passed on count among those of the runs', async () => {
  const { turns, enter } = open();
  const run = turns.join(() => undefined);
  const leave = await enter();
  expect([run.underWay(place), run.share(place, 4)]).toEqual([1, 3]);
  leave();
  expect([run.underWay(place), run.share(place, 4)]).toEqual([0, 4]);
});

test('who gives up before its turn leaves nothing behind', async () => {
  const { turns, upstream, enter } = open();
  const stopping = new AbortController();
  const other = turns.join(() => undefined);
  other.start({ host: url, key: 'other:latest\n' }, 1);
  const giving = enter(stopping.signal);
  stopping.abort(new Error('gone'));
  await expect(giving).rejects.toThrow('gone');
  expect([upstream.counts, turns.seats]).toEqual([{ running: 0, waiting: 0 }, 1]);
});

test('who has given up before it came leaves nothing behind', async () => {
  const { turns, enter } = open();
  await expect(enter(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(turns.seats).toBe(0);
});

test('who leaves twice takes nobody else along', async () => {
  const { turns, upstream, enter } = open();
  const first = await enter();
  first();
  const second = await enter();
  first();
  expect([upstream.counts.running, turns.seats]).toEqual([1, 1]);
  second();
  expect([upstream.counts.running, turns.seats]).toEqual([0, 0]);
});
