import { expect, test } from 'vitest';
import type { Kind } from '../../../../src/lib/kinds.ts';
import { kind as rule } from '../../../../src/routing/rules/kind.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

test.each<[string, Kind, unknown[]]>([
  ['codellama', 'code', [100, 'made for code']],
  ['qwen2.5-coder:7b', 'code', [100, 'made for code']],
  ['devstral', 'code', [100, 'made for code']],
  ['mathstral', 'math', [100, 'made for math']],
  ['alma', 'translation', [100, 'made for translation']],
  ['codellama', 'writing', [0]],
  ['llama3.2', 'code', [0]],
])('%s for %s: %j', (model, kind, effect) => {
  expect(effectOf(rule.apply(optionOf(model), questionOf({ kind })))).toEqual(effect);
});
