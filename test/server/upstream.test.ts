import { expect, test } from 'vitest';
import { Turns, type Seat } from '../../src/engine/turns.ts';
import { Upstream } from '../../src/server/upstream.ts';
import { ManualClock } from '../unit/engine/manual-clock.ts';

const place = { url: 'http://gpu1', model: 'llama3.2', client: 'me' };

/** How many seats were taken that nobody has left. */
function upstreamWithSeats(turns = new Turns()): { upstream: Upstream; taken: () => number } {
  let taken = 0;
  const join = (onTurn: () => void): Seat => {
    const seat = turns.join(onTurn);
    taken += 1;
    return {
      ...seat,
      leave: () => {
        taken -= 1;
        seat.leave();
      },
    };
  };
  const survey = () => Promise.resolve({ hosts: [] });
  const limits = { inside: 1, waiting: 4 };
  const upstream = new Upstream({ addresses: [], limits, survey, clock: new ManualClock(), turns: { join } });
  return { upstream, taken: () => taken };
}

test('a model that nobody asks for any more is forgotten, however often that is told', async () => {
  const { upstream, taken } = upstreamWithSeats();
  const leave = await upstream.enter(place, new AbortController().signal);
  leave();
  const leaveAgain = await upstream.enter(place, new AbortController().signal);
  leave();
  expect(taken()).toBe(1);
  leaveAgain();
  expect(taken()).toBe(0);
});

test('a model is forgotten when the only one who waited for it gives up', async () => {
  const turns = new Turns();
  const { upstream, taken } = upstreamWithSeats(turns);
  const run = turns.join(() => undefined);
  const other = { host: place.url, key: 'mistral\n' };
  run.want(other, 3, 1);
  run.start(other, 1);
  const stopping = new AbortController();
  const waiting = upstream.enter(place, stopping.signal);
  expect(upstream.counts).toEqual({ running: 0, waiting: 1 });
  stopping.abort(new Error('the client has gone'));
  await expect(waiting).rejects.toThrow('the client has gone');
  expect(taken()).toBe(0);
});
