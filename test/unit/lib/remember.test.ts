import { expect, test } from 'vitest';
import { remember } from '../../../src/lib/remember.ts';

test('asks once for each argument', () => {
  const asked: string[] = [];
  const lengthOf = remember((text: string) => {
    asked.push(text);
    return text.length;
  });
  expect(['', 'one', '', 'three', 'one'].map(lengthOf)).toEqual([0, 3, 0, 5, 3]);
  expect(asked).toEqual(['', 'one', 'three']);
});
