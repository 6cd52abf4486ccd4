import { expect, test } from 'vitest';
import { uuidv7 } from '../../../src/lib/uuidv7.ts';

test('the example of RFC 9562 is reproduced', () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(uuidv7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

test.each([0x00, 0xff])('version and variant stand whatever the random bytes: %i', (byte) => {
  expect(uuidv7(0, new Uint8Array(10).fill(byte))).toMatch(
    /^00000000-0000-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('ids sort by the time of their making', () => {
  const [none, all] = [new Uint8Array(10), new Uint8Array(10).fill(0xff)];
  const ids = [uuidv7(1_999.9, all), uuidv7(2_000, none), uuidv7(1_700_000_000_000.5, none)];
  expect(ids.toSorted()).toEqual(ids);
});
