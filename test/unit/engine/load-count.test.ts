import { expect, test } from 'vitest';
import { LoadCount, type Sighting } from '../../../src/engine/load-count.ts';

const sighting: Sighting = {
  ...{ host: 'gpu1', model: 'a', loadedAs: { context: 4096 }, wasThere: false, hasWaited: true },
  ...{ sentNo: 1, endedNo: 2, hadItAt: 5_000, endedAt: 6_000 },
};

const countOf = (...sightings: Partial<Sighting>[]): number => {
  const count = new LoadCount();
  for (const each of sightings) count.see({ ...sighting, ...each });
  return count.total;
};

test('the first answer of a model that was not there means a load', () => {
  expect(countOf({ hasWaited: undefined })).toBe(1);
});

test('an answer of a model that was there does not', () => {
  expect(countOf({ hasWaited: false, wasThere: true })).toBe(0);
});

test('a model that was believed to be there, and was waited for, had been driven out', () => {
  expect(countOf({ wasThere: true })).toBe(1);
});

test('requests that waited together share a load', () => {
  expect(countOf({ endedNo: 3 }, { sentNo: 2, endedNo: 4, endedAt: 7_000 })).toBe(1);
});

test('a request that was sent after the last answer, and waited, had the model loaded again', () => {
  expect(countOf({}, { sentNo: 3, endedNo: 4, hadItAt: 12_000, endedAt: 13_000 })).toBe(2);
});

test('a model that is loaded in another way is loaded again', () => {
  expect(countOf({}, { loadedAs: { context: 8192 }, hasWaited: undefined, sentNo: 1, endedNo: 4 })).toBe(2);
});

test.each([
  ['before', 0],
  ['after', 1],
])('a request that waited behind the load of another model took none: told of %s that one', (_, place) => {
  const behind = { sentNo: 1, endedNo: 8, hadItAt: 9_000, endedAt: 10_000 };
  const other = { model: 'b', sentNo: 3, endedNo: 9, hadItAt: 9_000, endedAt: 9_500 };
  const both = place === 0 ? [behind, other] : [other, behind];
  expect(countOf({ sentNo: 2, endedNo: 7 }, ...both)).toBe(2);
});

test('loads of two servers may be over at the same moment', () => {
  expect(countOf({}, { host: 'gpu2' })).toBe(2);
});
