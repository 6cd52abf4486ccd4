import { expect, test } from 'vitest';
import { uuidv7 } from '../../../src/lib/uuidv7.ts';

const least = '00000000-0000-4000-8000-000000000000';
const most = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

test('is the example of RFC 9562 for its time and random bits', () => {
  expect(uuidv7(0x017f22e279b0, '919108f7-52d1-4cc3-98c4-dc0c0c07398f')).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

test.each([least, most])('has its version and variant whatever is drawn: %s', (random) => {
  expect(uuidv7(0, random)).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test('later ids sort behind earlier ones', () => {
  const ids = [uuidv7(1_999.9, most), uuidv7(2_000, least), uuidv7(1_700_000_000_000.5, least)];
  expect(ids.toSorted()).toEqual(ids);
});
