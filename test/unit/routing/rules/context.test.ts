import { expect, test } from 'vitest';
import { context } from '../../../../src/routing/rules/context.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

const room = (tokens: number, length: number | undefined) =>
  questionOf({ prompt: { tokens, contextOf: () => length } });

test.each<[string, ReturnType<typeof questionOf>, unknown[]]>([
  ['a prompt that fits', room(4096, 4096), [0]],
  [
    'one that does not',
    room(4097, 4096),
    [0, 'prompt-too-long', 'the prompt does not fit into llama3.2, which holds 4096 tokens'],
  ],
  ['a context nobody tells of', room(1_000_000, undefined), [0]],
  ['a prompt that may be cut', questionOf(), [0]],
])('%s: %#', (_what, question, effect) => {
  expect(effectOf(context.apply(optionOf('llama3.2'), question))).toEqual(effect);
});
