import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/host/host.ts';
import { createChunkReader, watchSilence } from '../../../src/ollama/read-body.ts';

/** A clock that stands still until it is told to go on. */
function manualClock() {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after: (delayMs, callback) => {
      const timer = { at: now + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  const goOn = (ms: number) => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { callback } of due) callback();
  };
  return { clock, goOn, waiting: () => timers.length };
}

describe('watchSilence', () => {
  it('calls back after the gap and a moment for what is on its way', () => {
    const { clock, goOn } = manualClock();
    let calls = 0;
    watchSilence({ clock, gapTimeoutMs: 5000 }, () => (calls += 1));
    goOn(5000);
    expect(calls).toBe(0);
    goOn(100);
    expect(calls).toBe(1);
  });

  it('starts anew when the process was asleep', () => {
    const { clock, goOn } = manualClock();
    let calls = 0;
    watchSilence({ clock, gapTimeoutMs: 5000 }, () => (calls += 1));
    goOn(3_600_000);
    goOn(4000);
    expect(calls).toBe(0);
    goOn(1000);
    goOn(100);
    expect(calls).toBe(1);
  });

  it('keeps quiet once it is stopped', () => {
    const { clock, goOn, waiting } = manualClock();
    let calls = 0;
    watchSilence({ clock, gapTimeoutMs: 5000 }, () => (calls += 1))();
    goOn(10_000);
    expect([calls, waiting()]).toEqual([0, 0]);
  });
});

describe('createChunkReader', () => {
  it('does not count the wait for the first chunk, nor the time its reader takes', async () => {
    const { clock, waiting } = manualClock();
    const chunks = async function* () {
      yield await Promise.resolve(Buffer.from('a'));
      yield await Promise.resolve(Buffer.from('b'));
    };
    const next = createChunkReader(chunks(), {
      ...{ clock, gapTimeoutMs: 5000, signal: new AbortController().signal },
      onStall: () => ({ code: 'stalled', message: '' }),
    });
    const first = next();
    expect(waiting()).toBe(0);
    await first;
    expect(waiting()).toBe(0);
    const second = next();
    expect(waiting()).toBe(1);
    await second;
    expect(await next()).toBeUndefined();
    expect(waiting()).toBe(0);
  });
});
