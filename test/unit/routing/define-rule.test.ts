import { expect, test } from 'vitest';
import { boost, drop } from '../../../src/routing/define-rule.ts';
import { effectOf, optionOf } from './rules/option.ts';

test('points add up and reasons follow each other', () => {
  expect(effectOf(boost(boost(optionOf('m'), 5, 'first'), -2, 'second'))).toEqual([3, 'first', 'second']);
});

test('the first reason to drop an option stays', () => {
  const dropped = drop(drop(optionOf('m'), 'model-missing', 'not there'), 'model-incapable', 'cannot');
  expect(effectOf(dropped)).toEqual([0, 'model-missing', 'not there']);
});

test('an option is never changed in place', () => {
  const option = optionOf('m');
  boost(option, 1, 'x');
  drop(option, 'model-missing', 'x');
  expect(effectOf(option)).toEqual([0]);
});
