import { expect, test } from 'vitest';
import { Speeds } from '../../../src/engine/speeds.ts';

const place = { host: 'http://gpu1', normalName: 'm:latest' };
const other = { ...place, host: 'http://gpu2' };

test('what nobody has measured is guessed', () => {
  expect(new Speeds().expect(place)).toEqual({ loadMs: 10_000, answerMs: 2_000 });
});

test('until a model was measured somewhere its size tells', () => {
  const sketched = new Map([
    ['http://gpu1\nm:latest', { loadMs: 3_000, answerMs: 700 }],
    ['http://gpu2\nm:latest', { loadMs: 4_000, answerMs: 900 }],
  ]);
  const speeds = new Speeds({ sketched });
  expect(speeds.expect(place)).toEqual({ loadMs: 3_000, answerMs: 700 });
  speeds.note(place, { answerMs: 100 });
  expect(speeds.expect(place)).toEqual({ loadMs: 3_000, answerMs: 100 });
  expect(speeds.expect(other)).toEqual({ loadMs: 4_000, answerMs: 100 });
});

test('what was measured there is expected there, a little of it more with each time', () => {
  const speeds = new Speeds();
  speeds.note(place, { answerMs: 1_000, loadMs: 4_000 });
  expect(speeds.expect(place)).toEqual({ loadMs: 4_000, answerMs: 1_000 });
  speeds.note(place, { answerMs: 2_000 });
  expect(speeds.expect(place)).toEqual({ loadMs: 4_000, answerMs: 1_300 });
});

test('what was measured on one server is expected on another until that is measured, too', () => {
  const speeds = new Speeds();
  speeds.note(place, { answerMs: 1_000 });
  expect(speeds.expect(other).answerMs).toBe(1_000);
  speeds.note(other, { answerMs: 5_000 });
  expect([speeds.expect(place).answerMs, speeds.expect(other).answerMs]).toEqual([1_000, 5_000]);
});

test('earlier runs are where the expectations begin', () => {
  const speeds = new Speeds({ measured: new Map([['http://gpu1\nm:latest', { answerMs: 300 }]]) });
  expect(speeds.expect(place)).toEqual({ loadMs: 10_000, answerMs: 300 });
  expect(speeds.expect(other).answerMs).toBe(300);
});

test('nothing is expected to take no time at all', () => {
  const speeds = new Speeds();
  speeds.note(place, { answerMs: 0 });
  expect(speeds.expect(place).answerMs).toBeGreaterThan(0);
});
