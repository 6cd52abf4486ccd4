import type { Clock } from '../host/host.ts';
import { PriorityQueue } from '../lib/priority-queue.ts';

/** A clock that stands still until it is told to go on: hours pass as fast as what happens in them can be computed. */
export interface VirtualClock extends Clock {
  /** Lets time pass until nothing is left to happen. */
  runAll: () => void;
  /** Lets so much time pass, and everything happen that is due in it. */
  run: (ms: number) => void;
}

interface Timer {
  dueMs: number;
  callback: (() => void) | undefined;
}

/** A {@link VirtualClock} that begins at `startMs`. Callbacks of one moment are made in the order of their asking. */
export function createVirtualClock(startMs = 0): VirtualClock {
  const timers = createTimers(startMs);
  return {
    now: timers.now,
    after: timers.after,
    runAll: () => timers.runUntil(Infinity),
    run: (ms) => timers.runUntil(timers.now() + ms),
  };
}

/** A clock that can be stopped. */
export interface StoppableClock extends Clock {
  /** Nothing happens any more. */
  stop: () => void;
}

/**
 * The host's clock made faster or slower: with a scale of 0.001 what takes a second takes a millisecond. Whatever is late,
 * because the machine was busy, happens at its own virtual time and in its order, so that lateness does not add up.
 */
export function createScaledClock(clock: Clock, scale: number): StoppableClock {
  const startMs = clock.now();
  const timers = createTimers(startMs);
  let cancelNext: (() => void) | undefined;
  let isRunning = false;
  let isStopped = false;
  const realNow = (): number => startMs + (clock.now() - startMs) / scale;

  return {
    // Inside a callback it is the moment the callback was due.
    now: () => (isRunning ? timers.now() : Math.max(timers.now(), realNow())),
    after(delayMs, callback) {
      if (!isRunning) catchUp();
      const cancel = timers.after(delayMs, callback);
      if (!isRunning) planNext();
      return cancel;
    },
    stop() {
      isStopped = true;
      cancelNext?.();
    },
  };

  function catchUp(aheadMs = 0): void {
    isRunning = true;
    timers.runUntil(realNow());
    for (let due = timers.nextDueMs(); due !== undefined && due <= realNow() + aheadMs; due = timers.nextDueMs())
      timers.runUntil(due);
    isRunning = false;
  }

  function planNext(): void {
    cancelNext?.();
    cancelNext = undefined;
    const dueMs = timers.nextDueMs();
    if (dueMs === undefined || isStopped) return;
    const delayMs = Math.min(longestTimerMs, Math.max(0, (dueMs - realNow()) * scale));
    cancelNext = clock.after(delayMs, () => {
      catchUp(timerGrainMs / scale);
      planNext();
    });
  }
}

/** Timers of the platform are no finer than that: what is due within it happens at once, at its own virtual time. */
const timerGrainMs = 0.5;

/** Timers for longer than that fire at once. */
const longestTimerMs = 2 ** 31 - 1;

interface Timers extends Clock {
  nextDueMs: () => number | undefined;
  runUntil: (untilMs: number) => void;
}

function createTimers(startMs: number): Timers {
  const queue = new PriorityQueue<Timer>((a, b) => a.dueMs < b.dueMs);
  let nowMs = startMs;
  return {
    now: () => nowMs,
    after(delayMs, callback) {
      const timer: Timer = { dueMs: nowMs + Math.max(0, delayMs), callback };
      if (timer.dueMs < Infinity) queue.push(timer);
      return () => (timer.callback = undefined);
    },
    nextDueMs() {
      while (queue.length > 0 && !queue.peek()?.callback) queue.shift();
      return queue.peek()?.dueMs;
    },
    runUntil(untilMs) {
      for (let next = queue.peek(); next && next.dueMs <= untilMs; next = queue.peek()) {
        queue.shift();
        if (!next.callback) continue;
        nowMs = Math.max(nowMs, next.dueMs);
        next.callback();
      }
      if (untilMs < Infinity) nowMs = Math.max(nowMs, untilMs);
    },
  };
}
