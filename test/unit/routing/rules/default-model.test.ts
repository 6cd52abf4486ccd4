import { expect, test } from 'vitest';
import { defaultModel } from '../../../../src/routing/rules/default-model.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

test.each([
  ['llama2', 'llama2', [20, 'default_model']],
  ['llama2', 'LLAMA2:latest', [20, 'default_model']],
  ['llama2:13b', 'llama2', [0]],
  ['llama2', undefined, [0]],
])('%s where default_model is %s: %j', (model, default_model, effect) => {
  expect(effectOf(defaultModel.apply(optionOf(model), questionOf({ default_model })))).toEqual(effect);
});
