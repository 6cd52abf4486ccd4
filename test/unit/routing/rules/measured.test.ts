import { expect, test } from 'vitest';
import type { Measured } from '../../../../src/ollama/fleet.ts';
import { measured as rule } from '../../../../src/routing/rules/measured.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

test.each<[string, Measured | undefined, unknown[]]>([
  ['nothing is known', undefined, [0]],
  ['too little is known', { tasks: 4, completed: 0, tokens_per_second: 50 }, [0]],
  ['a speed', { tasks: 5, completed: 5, tokens_per_second: 33 }, [0.005, '33 tokens/s over 5 tasks']],
  ['twice that speed', { tasks: 9, completed: 9, tokens_per_second: 66 }, [0.006, '66 tokens/s over 9 tasks']],
  ['hardly any speed', { tasks: 9, completed: 9, tokens_per_second: 0.5 }, [0]],
  ['no speed, for it embeds', { tasks: 9, completed: 9 }, [0]],
  [
    'failures, however fast',
    { tasks: 10, completed: 4, tokens_per_second: 99 },
    [-10, '4 of 10 tasks succeeded lately'],
  ],
  ['a failure now and then', { tasks: 10, completed: 5, tokens_per_second: 4 }, [0.002, '4 tokens/s over 10 tasks']],
])('%s', (_what, measured, effect) => {
  const option = optionOf('llama3.2');
  const known = { ...option, installed: option.installed && { ...option.installed, measured } };
  expect(effectOf(rule.apply(known, questionOf()))).toEqual(effect);
});
