import { describe, expect, test } from 'vitest';
import { findCut, refuseUnsent } from '../../../../src/engine/request/check-context.ts';
import type { TaskCall } from '../../../../src/tasks/define-task.ts';

const prose = 'The quick brown fox jumps over the lazy dog, and nobody knows why. ';
/** About so many tokens, at 4 characters each. */
const textOf = (tokens: number): string => prose.repeat(Math.ceil((tokens * 4) / prose.length)).slice(0, tokens * 4);
const callOf = (tokens: number, options?: TaskCall['options']): TaskCall => ({ input: textOf(tokens), options });
const context = { model: 'm', length: 1000 };

describe('before sending', () => {
  test('a prompt of more words than the context has tokens is refused, with both numbers and what to change', () => {
    expect(refuseUnsent({ input: 'word '.repeat(1001) }, context)).toEqual({
      code: 'prompt-too-long',
      message: 'the prompt does not fit into the context of m, which holds 1000 tokens: it has about 1001',
      hint: 'give it a longer context: --option num_ctx=2048, or shorten the prompt',
    });
  });

  test.each([
    ['as many words as tokens', { input: 'word '.repeat(1000) }, context],
    ['many characters and few words', { input: '='.repeat(100_000) }, context],
    ['a context nobody knows', { input: 'word '.repeat(1001) }, { model: 'm' }],
  ])('a prompt is sent for %s', (_what, call, of) => {
    expect(refuseUnsent(call, of)).toBeUndefined();
  });

  test('the system prompt and the messages count', () => {
    const half = 'word '.repeat(501);
    expect(refuseUnsent({ input: half, messages: [{ role: 'user', content: half }] }, context)).toBeDefined();
    expect(refuseUnsent({ input: half, system: half }, context)).toBeDefined();
  });

  test('a model that has its longest context already is no reason to ask for more', () => {
    const refused = refuseUnsent({ input: 'word '.repeat(1001) }, { ...context, trained: 1000 });
    expect(refused?.hint).toBe('shorten the prompt: the model was trained for 1000 tokens at most');
  });
});

describe('after the answer', () => {
  test.each<[string, number, number, TaskCall['options'], boolean]>([
    ['fits', 200, 200, undefined, false],
    ['nearly fills the context', 990, 990, undefined, false],
    ['is cut to the context', 1001, 1000, undefined, true],
    ['is cut to half of it', 1100, 502, undefined, true],
    ['is cut to half of it behind what is kept', 1100, 550, { num_keep: 100 }, true],
    ['fills half of it', 502, 502, undefined, false],
    ['lost most of its messages', 3000, 900, undefined, true],
    ['is longer than what we believe the context to be, and was read', 1500, 1500, undefined, false],
  ])('a prompt that %s (%i tokens, %i read)', (_what, sent, tokens, options, isCut) => {
    const cut = findCut(callOf(sent, options), { tokens, mayHaveCut: false }, context);
    expect(cut !== undefined).toBe(isCut);
  });

  test('says how much was read of what', () => {
    const cut = findCut({ input: 'word '.repeat(1500) }, { tokens: 1000, mayHaveCut: true }, context);
    expect(cut).toMatchObject({
      code: 'prompt-too-long',
      message: 'the prompt was cut: of about 1500 tokens 1000 were read, the context of m holds 1000',
    });
  });

  test('a prompt that was read out of a cache and is far from the limit is not called cut', () => {
    expect(findCut(callOf(400), { tokens: 1, mayHaveCut: true }, context)).toBeUndefined();
  });

  const chat = (count: number): TaskCall => ({
    input: textOf(20),
    messages: Array.from({ length: count }, () => ({ role: 'user', content: textOf(100) })),
  });

  test('where a server may drop messages, a chat over the limit that was read up to it lost some', () => {
    expect(findCut(chat(12), { tokens: 960, mayHaveCut: true }, context)).toBeDefined();
    expect(findCut(chat(12), { tokens: 960, mayHaveCut: false }, context)).toBeUndefined();
  });
});
