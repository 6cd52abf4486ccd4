import { expect, test } from 'vitest';
import { startDeadline, withinTime } from '../../../src/engine/deadline.ts';
import { ManualClock } from './manual-clock.ts';

test('a deadline calls back when its time is over, not before', () => {
  const clock = new ManualClock();
  let expired = 0;
  startDeadline(1_000, clock, () => (expired += 1));
  clock.advance(999);
  expect(expired).toBe(0);
  clock.advance(1);
  expect(expired).toBe(1);
});

test('a deadline that was cancelled stays silent and leaves no timer', () => {
  const clock = new ManualClock();
  const cancel = startDeadline(1_000, clock, () => expect.unreachable());
  cancel();
  clock.advance(5_000);
  expect(clock.pending).toBe(0);
});

test('a deadline beyond the longest timer of the platform does not fire at once', () => {
  const clock = new ManualClock();
  let expired = 0;
  startDeadline(2 ** 32, clock, () => (expired += 1));
  expect(clock.untilNext).toBeLessThan(2 ** 31);
  clock.advance(2 ** 32 - 1);
  expect(expired).toBe(0);
  clock.advance(1);
  expect(expired).toBe(1);
});

test('after a suspension, what arrived meanwhile gets a moment before the deadline falls', () => {
  const timers: (() => void)[] = [];
  let now = 0;
  let expired = 0;
  const clock = {
    now: () => now,
    after: (_: number, callback: () => void) => (timers.push(callback), () => undefined),
  };
  startDeadline(1_000, clock, () => (expired += 1));
  now = 60_000;
  timers[0]?.();
  expect([expired, timers.length]).toEqual([0, 2]);
  timers[1]?.();
  expect(expired).toBe(1);
});

test('short work that takes too long is aborted', async () => {
  const clock = new ManualClock();
  const run = { clock, signal: new AbortController().signal };
  const work = withinTime(
    100,
    run,
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  );
  clock.advance(100);
  await expect(work).rejects.toThrow('no answer within 100 ms');
});

test('short work ends with the run it belongs to', async () => {
  const stopping = new AbortController();
  stopping.abort(new Error('stopped'));
  const run = { clock: new ManualClock(), signal: stopping.signal };
  const work = withinTime(100, run, (signal) => Promise.reject(signal.reason as Error));
  await expect(work).rejects.toThrow('stopped');
  expect(run.clock.pending).toBe(0);
});
