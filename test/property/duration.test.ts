import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatGoDuration, parseGoDuration } from '../../src/lib/go-duration.ts';

/** Up to 104 days: as many nanoseconds as a number holds exactly. */
const nanoseconds = fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.maxSafeInteger());

test('a duration that is printed is read back as it was', () => {
  fc.assert(
    fc.property(nanoseconds, (ns) => {
      expect(parseGoDuration(formatGoDuration(ns))).toBe(ns === 0 ? 0 : ns);
    }),
  );
});

test('parts add up', () => {
  const part = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.constantFrom('ns', 'us', 'ms', 's', 'm', 'h'));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const texts = parts.map(([count, unit]) => `${count}${unit}`);
      const sum = texts.reduce((total, text) => total + (parseGoDuration(text) ?? Number.NaN), 0);
      expect(parseGoDuration(texts.join(''))).toBe(sum);
    }),
  );
});

test('any text is a duration or is not, and nothing throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('0', '1', '.', '-', 'm', 's', 'h', 'µ', ' ') }), (text) => {
      const ns = parseGoDuration(text);
      expect(ns === undefined || Number.isFinite(ns)).toBe(true);
    }),
  );
});
