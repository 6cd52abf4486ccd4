import { expect, test } from 'vitest';
import { preference } from '../../../../src/routing/rules/preference.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

test.each([
  [{}, [0]],
  [{ code: 'llama2' }, [20_000, 'routing_preferences.code']],
  [{ chat: 'llama2:latest' }, [10_000, 'routing_preferences.chat']],
  [{ code: 'llama2', chat: 'llama2' }, [20_000, 'routing_preferences.code']],
  [{ code: 'phi3', chat: 'llama2' }, [10_000, 'routing_preferences.chat']],
  [{ code: 'phi3' }, [0]],
  [{ math: 'llama2', generate: 'llama2' }, [0]],
])('llama2 for a chat about code, preferences %j: %j', (preferences, effect) => {
  const question = questionOf({ type: 'chat', kind: 'code', preferences });
  expect(effectOf(preference.apply(optionOf('llama2'), question))).toEqual(effect);
});
