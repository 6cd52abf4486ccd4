import { describe, expect, it } from 'vitest';
import { createScaledClock, createVirtualClock } from '../../../src/simulator/virtual-clock.ts';

describe('a virtual clock', () => {
  it('makes callbacks in the order of their times, then of their asking', () => {
    const clock = createVirtualClock(1000);
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name} ${clock.now()}`);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    clock.runAll();
    expect(seen).toEqual(['first 1010', 'second 1010', 'late 1020']);
  });

  it('does not call what was cancelled, or what is never due', () => {
    const clock = createVirtualClock();
    const seen: string[] = [];
    const cancel = clock.after(10, () => seen.push('cancelled'));
    clock.after(5, cancel);
    clock.after(Infinity, () => seen.push('never'));
    clock.runAll();
    expect([seen, clock.now()]).toEqual([[], 5]);
  });

  it('goes on for a while when told so', () => {
    const clock = createVirtualClock();
    const seen: number[] = [];
    clock.after(10, () => clock.after(10, () => seen.push(clock.now())));
    clock.run(15);
    expect([seen, clock.now()]).toEqual([[], 15]);
    clock.run(10);
    expect([seen, clock.now()]).toEqual([[20], 25]);
  });
});

describe('a scaled clock', () => {
  it('passes a second in a millisecond', () => {
    const real = createVirtualClock(1000);
    const clock = createScaledClock(real, 0.001);
    real.run(3);
    expect(clock.now()).toBe(4000);
  });

  it('calls back at the virtual time of a callback, however late the machine is', () => {
    const real = createVirtualClock();
    const lazy = { now: real.now, after: (ms: number, callback: () => void) => real.after(ms + 50, callback) };
    const clock = createScaledClock(lazy, 0.01);
    const seen: number[] = [];
    const tick = () => {
      seen.push(clock.now());
      if (seen.length < 4) clock.after(1000, tick);
    };
    clock.after(1000, tick);
    real.runAll();
    expect(seen).toEqual([1000, 2000, 3000, 4000]);
  });

  it('lets what is due happen before somebody asks for more', () => {
    const real = createVirtualClock();
    const clock = createScaledClock({ now: real.now, after: () => () => undefined }, 1);
    const seen: string[] = [];
    clock.after(10, () => seen.push('due'));
    real.run(20);
    clock.after(0, () => seen.push('new'));
    expect(seen).toEqual(['due']);
  });

  it('makes one timer of the platform do for all that is due before the next could fire', () => {
    const real = createVirtualClock();
    let timers = 0;
    const counted = {
      now: real.now,
      after: (ms: number, callback: () => void) => (timers++, real.after(ms, callback)),
    };
    const clock = createScaledClock(counted, 0.001);
    const seen: number[] = [];
    const tick = () => {
      seen.push(clock.now());
      if (seen.length < 5) clock.after(100, tick);
    };
    clock.after(100, tick);
    real.runAll();
    expect([seen.map(Math.round), timers]).toEqual([[100, 200, 300, 400, 500], 1]);
  });

  it('does nothing any more when it is stopped', () => {
    const real = createVirtualClock();
    const clock = createScaledClock(real, 1);
    const seen: string[] = [];
    clock.after(10, () => seen.push('due'));
    clock.stop();
    clock.after(20, () => seen.push('asked later'));
    real.runAll();
    expect([seen, real.now()]).toEqual([[], 0]);
  });
});
