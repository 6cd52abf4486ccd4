import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReference } from '../../src/spec/template/reference.ts';
import { showSegment, type ValuePath } from '../../src/spec/template/template.ts';
import { lookUp, parsePath, showPath } from '../../src/spec/template/value-path.ts';

const key = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('a', '\u2028', "it's", '"', ']', '[0]', '.', '0', '__proto__', 'length'),
  fc.nat({ max: 1e15 - 1 }),
);
const path: fc.Arbitrary<ValuePath> = fc.array(key, { maxLength: 4 });
const known = new Set(['plan', 'a.b']);
const nameOf = (word: string): string | undefined => (known.has(word) ? word : undefined);

const words = ['plan', 'a.b', 'steps.', 'item', '.output', '.', '[', ']', "'", '"', '0', '12', 'x', ' ', '.a', "['b']"];
const hostileText = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'grapheme' })), { maxLength: 10 });

test('a path that is shown is read as the same path', () => {
  fc.assert(
    fc.property(path, (keys) => {
      expect(parsePath(showPath(keys))).toEqual(keys);
    }),
  );
});

test('a placeholder that is shown is read as the same placeholder', () => {
  const index = fc.option(fc.nat({ max: 1e6 }), { nil: undefined });
  fc.assert(
    fc.property(fc.constantFrom('plan', 'a.b'), index, path, (output, position, keys) => {
      const segment = {
        output,
        ...(position !== undefined && { index: position }),
        ...(keys.length > 0 && { path: keys }),
      };
      expect(parseReference(showSegment(segment), nameOf)).toEqual(segment);
      expect(parseReference(showSegment({ item: keys }), nameOf)).toEqual({ item: keys });
    }),
  );
});

test('any text is a placeholder or none', () => {
  fc.assert(
    fc.property(hostileText, (pieces) => {
      const reference = parseReference(pieces.join(''), nameOf);
      if (!reference) return;
      expect('item' in reference || known.has(reference.output)).toBe(true);
    }),
  );
});

test('any path into any JSON leads to a value that is there, or is told', () => {
  fc.assert(
    fc.property(fc.jsonValue(), path, (value, keys) => {
      const found = lookUp(value, keys);
      if ('missing' in found) expect(keys).toContain(found.missing);
      else expect(JSON.stringify(value)).toContain(JSON.stringify(found.value));
    }),
  );
});
