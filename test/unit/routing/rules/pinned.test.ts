import { expect, test } from 'vitest';
import { pinned } from '../../../../src/routing/rules/pinned.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

test('the model named for a task is told as such', () => {
  expect(effectOf(pinned.apply(optionOf('llama2'), questionOf({ pinned: 'llama2' })))).toEqual([
    0,
    'named for this task',
  ]);
});

test('where none is named nothing is said', () => {
  expect(effectOf(pinned.apply(optionOf('llama2'), questionOf()))).toEqual([0]);
});
