import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createStopScanner } from '../../../src/lib/stop-strings.ts';

function scan(pieces: readonly string[], stops: readonly string[]): { text: string; isStopped: boolean } {
  const scanner = createStopScanner(stops);
  let text = '';
  for (const piece of pieces) {
    const seen = scanner.push(piece);
    text += seen.text;
    if (seen.isStopped) return { text, isStopped: true };
  }
  return { text: text + scanner.flush(), isStopped: false };
}

it('ends before the first stop string', () => {
  expect(scan(['one END two STOP'], ['STOP', 'END'])).toEqual({ text: 'one ', isStopped: true });
});

it('holds back nothing that can no longer be a stop string', () => {
  const scanner = createStopScanner(['###']);
  expect([scanner.push('a##').text, scanner.push('b').text]).toEqual(['a', '##b']);
});

it('ignores an empty stop string', () => {
  expect(scan(['all'], [''])).toEqual({ text: 'all', isStopped: false });
});

it('says the same however the text is cut into pieces', () => {
  const letters = fc.constantFrom('a', 'b');
  const texts = fc.array(fc.array(letters, { maxLength: 4 }), { maxLength: 8 });
  const stops = fc.array(fc.string({ unit: letters, minLength: 1, maxLength: 3 }), { maxLength: 2 });
  fc.assert(
    fc.property(texts, stops, (pieces, wanted) => {
      const cut = pieces.map((piece) => piece.join(''));
      const whole = cut.join('');
      const at = Math.min(...wanted.map((stop) => whole.indexOf(stop)).filter((index) => index >= 0));
      const text = at === Infinity ? whole : whole.slice(0, at);
      const seen = scan(cut, wanted);
      expect(seen.isStopped).toBe(at !== Infinity);
      // Of two stop strings the one that is complete first ends the answer, wherever the other began.
      expect(whole.startsWith(seen.text)).toBe(true);
      if (wanted.length <= 1) expect(seen.text).toBe(text);
    }),
  );
});
