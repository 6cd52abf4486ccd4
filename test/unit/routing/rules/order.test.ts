import { expect, test } from 'vitest';
import { order } from '../../../../src/routing/rules/order.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

test.each([
  [0, [0]],
  [1, [-0.01]],
  [3, [-0.03]],
])('place %i: %j', (place, effect) => {
  expect(effectOf(order.apply({ ...optionOf('llama3.2'), place }, questionOf()))).toEqual(effect);
});
