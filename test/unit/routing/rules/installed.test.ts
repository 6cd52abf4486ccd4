import { expect, test } from 'vitest';
import { installed } from '../../../../src/routing/rules/installed.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

const missing = (model: string): unknown[] => [0, 'model-missing', `model '${model}' is not installed on http://a`];

test.each([
  ['llama2', missing('llama2')],
  ['my-cloud', missing('my-cloud')],
  ['my-cloud:7b', missing('my-cloud:7b')],
  ['gpt-oss:120b-cloud', [0]],
  ['qwen3:cloud', [0]],
])('%s, not installed: %j', (model, effect) => {
  expect(effectOf(installed.apply(optionOf(model, { installed: false }), questionOf()))).toEqual(effect);
});

test('an installed model may be used', () => {
  expect(effectOf(installed.apply(optionOf('llama2'), questionOf()))).toEqual([0]);
});
