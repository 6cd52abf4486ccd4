import { expect, test } from 'vitest';
import { fitText, padText, textWidth } from '../../../src/lib/fit-text.ts';

test.each([
  ['short', 10, 'start', 'short'],
  ['a longer text', 6, 'start', 'a lon…'],
  ['a longer text', 6, 'end', '… text'],
  ['東京都', 4, 'start', '東…'],
  ['東京都', 4, 'end', '…都'],
  ['anything', 1, 'start', '…'],
  ['anything', 0, 'start', ''],
  ['anything', -3, 'end', ''],
] as const)('%s cut to %i cells, keeping its %s: %s', (text, cells, keep, shown) => {
  expect(fitText(text, cells, { unicode: true, keep })).toBe(shown);
});

test('colours switched on before the cut are switched off behind it', () => {
  expect(fitText('\x1b[31mtoo long\x1b[39m text', 5, { unicode: true, keep: 'start' })).toBe('\x1b[31mtoo …\x1b[39m');
});

test('a terminal without Unicode sees the cut in ASCII', () => {
  expect(fitText('a longer text', 6, { unicode: false, keep: 'start' })).toBe('a lon~');
});

test('wide characters and colours are counted in cells', () => {
  expect([textWidth('東京'), textWidth('\x1b[31mred\x1b[39m'), textWidth('👩‍👩‍👧')]).toEqual([4, 3, 2]);
  expect(padText('東', 4)).toBe('東  ');
});
