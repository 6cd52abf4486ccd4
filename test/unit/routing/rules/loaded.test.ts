import { expect, test } from 'vitest';
import type { RouteOption } from '../../../../src/routing/define-rule.ts';
import { loaded } from '../../../../src/routing/rules/loaded.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

function inMemory(model: string): RouteOption {
  const option = optionOf(model);
  return { ...option, installed: option.installed && { ...option.installed, loaded: {} } };
}

test.each<[string, RouteOption, unknown[]]>([
  ['a model in memory', inMemory('llama3.2'), [4, 'already loaded']],
  ['one that is not', optionOf('llama3.2'), [0]],
  ['one in memory that is made for other work', inMemory('codellama'), [0]],
])('%s', (_what, option, effect) => {
  expect(effectOf(loaded.apply(option, questionOf()))).toEqual(effect);
});

test('a model in memory that is made for the work', () => {
  expect(effectOf(loaded.apply(inMemory('codellama'), questionOf({ kind: 'code' })))).toEqual([4, 'already loaded']);
});
