import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNeutralizer, neutralize, neutralizeJson, neutralizeLine } from '../../../src/lib/neutralize.ts';

test.each([
  ['a colour', '\x1b[31mred', '^[[31mred'],
  ['a title', '\x1b]0;owned\x07', '^[]0;owned^G'],
  ['a device string', '\x1bP+q\x1b\\', '^[P+q^[\\'],
  ['an eight-bit sequence', '\x9b2J', '\\x9b2J'],
  ['NUL, backspace and DEL', '\0\b\x7f', '^@^H^?'],
  ['a return that would overwrite the line', 'good\rbad', 'good^Mbad'],
  ['a turn of the writing direction', 'a\u202etxt.exe\u2066', 'a\\u202etxt.exe\\u2066'],
  ['line breaks and tabs', 'a\r\nb\n\tc', 'a\nb\n\tc'],
  ['letters, joined emoji', 'é 東京 👩‍👩‍👧', 'é 東京 👩‍👩‍👧'],
])('%s', (_name, text, shown) => {
  expect(neutralize(text)).toBe(shown);
});

test('text for one line loses its breaks', () => {
  expect(neutralizeLine(' a\n\n  b\x07\t c ')).toBe('a b^G c');
});

const anyText = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\x1b', '[', '\x9b', '👩', '\u202e', '7', 'm') });

test('however a stream is cut, what is shown is the same', () => {
  fc.assert(
    fc.property(anyText, fc.array(fc.nat({ max: 30 })), (text, cuts) => {
      const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
      const pieces = places
        .slice(1)
        .map((end, index) => text.slice(places[index], end))
        .filter((piece) => piece !== '');
      const show = createNeutralizer();
      expect([...pieces, ''].map(show).join('')).toBe(neutralize(text));
    }),
  );
});

test('nothing a terminal obeys is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u.test(neutralize(text))).toBe(false);
    }),
  );
});

test('neutralised JSON means the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = neutralizeJson(JSON.stringify({ text }));
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ text })));
      expect(/[\x7f-\x9f\u202e]/.test(json)).toBe(false);
    }),
  );
});
