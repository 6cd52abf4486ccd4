import { expect, test } from 'vitest';
import { InFlight } from '../../../src/engine/in-flight.ts';

/** A server with so many slots answers requests, each in a second, as many at once as it is sent; the limits it was sent by. */
function play(inFlight: InFlight, slots: number, answers: number): number[] {
  const limits = [inFlight.limit];
  const open: { sentAt: number; endsAt: number }[] = [];
  let now = 0;
  const fill = (): void => {
    while (open.length < inFlight.limit) {
      const ends = open.map(({ endsAt }) => endsAt).sort((a, b) => a - b);
      open.push({ sentAt: now, endsAt: (open.length < slots ? now : ends[open.length - slots]!) + 1_000 });
    }
  };
  fill();
  for (let answer = 0; answer < answers; answer += 1) {
    const next = open.reduce((first, each) => (each.endsAt < first.endsAt ? each : first));
    now = next.endsAt;
    inFlight.noteAnswer({ work: 20, ms: now - next.sentAt, underWay: open.length });
    open.splice(open.indexOf(next), 1);
    if (inFlight.limit !== limits.at(-1)) limits.push(inFlight.limit);
    fill();
  }
  return limits;
}

test('it starts at two, or at what the run allows', () => {
  expect([new InFlight(() => 10).limit, new InFlight(() => 1).limit]).toEqual([2, 1]);
});

test.each([1, 2, 4, 8, 16])('on a server with %i slots it ends with as many, and at least with two', (slots) => {
  const inFlight = new InFlight(() => 64);
  play(inFlight, slots, 3_000);
  expect(inFlight.limit).toBeGreaterThanOrEqual(Math.max(2, slots));
  expect(inFlight.limit).toBeLessThanOrEqual(Math.max(2, slots) + 1);
});

test('it grows by one at a time while more gets done, and goes back once it does not', () => {
  expect(play(new InFlight(() => 64), 4, 150)).toEqual([2, 3, 4, 5, 4]);
});

test('it never exceeds what the run allows, nor 64', () => {
  const few = new InFlight(() => 3);
  expect(Math.max(...play(few, 16, 2_000))).toBe(3);
  expect(Math.max(...play(new InFlight(() => 1_000), 1_000, 20_000))).toBe(64);
});

test('a refusal halves it, and at least one stays', () => {
  const inFlight = new InFlight(() => 64);
  play(inFlight, 16, 1_000);
  const before = inFlight.limit;
  inFlight.noteRefusal();
  expect(inFlight.limit).toBe(Math.floor(before / 2));
  for (let refusals = 0; refusals < 9; refusals += 1) inFlight.noteRefusal();
  expect(inFlight.limit).toBe(1);
});

test('after a refusal it grows again', () => {
  const inFlight = new InFlight(() => 64);
  play(inFlight, 8, 1_000);
  inFlight.noteRefusal();
  play(inFlight, 8, 1_000);
  expect(inFlight.limit).toBeGreaterThanOrEqual(8);
});

test('a server that gets slower is sent half as many', () => {
  const inFlight = new InFlight(() => 64);
  play(inFlight, 8, 1_000);
  const before = inFlight.limit;
  for (let answer = 1; answer < 90 && inFlight.limit === before; answer += 1) {
    inFlight.noteAnswer({ work: 20, ms: 3_000, underWay: before });
  }
  expect(inFlight.limit).toBe(Math.floor(before / 2));
});

test('answers that came while a slot was idle say nothing', () => {
  const inFlight = new InFlight(() => 64);
  for (let answer = 1; answer < 50; answer += 1) inFlight.noteAnswer({ work: 1, ms: answer, underWay: 1 });
  expect(inFlight.limit).toBe(2);
});
