import { describe, expect, it } from 'vitest';
import {
  isEncodable,
  readChatChunk,
  readEmbedResponse,
  readGenerateChunk,
  readListedModels,
  readLoadedModels,
  readPullProgress,
  readShown,
} from '../../../src/ollama/wire-read.ts';

const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;

describe('models', () => {
  it('without details are listed all the same, those without a name are not', () => {
    const models = [null, 5, { nam: 'x' }, { name: '' }, { name: 'a:latest', details: null }, { model: 'b:latest' }];
    expect(readListedModels({ models })).toMatchObject([
      { name: 'a:latest', size: 0, digest: '' },
      { name: 'b:latest', size: 0, digest: '' },
    ]);
  });

  it.each([readListedModels, readLoadedModels])('that are null are none', (read) => {
    expect(read({ models: null })).toEqual([]);
  });

  it.each([{}, { models: 'a' }, [], null])('are not in %j', (value) => {
    expect([readListedModels(value), readLoadedModels(value)]).toEqual([undefined, undefined]);
  });

  it('tell nothing of a capability list that is none', () => {
    expect(readListedModels({ models: [{ name: 'a', capabilities: { a: 1 } }] })?.[0]?.capabilities).toBeUndefined();
    expect(readShown({ capabilities: 'completion' }).capabilities).toBeUndefined();
    expect(readShown({ capabilities: ['vision', 5] }).capabilities).toEqual(['vision']);
  });

  it.each(['4096', -1, 0])('in memory tell no context of %j tokens', (context_length) => {
    expect(readLoadedModels({ models: [{ name: 'a', context_length }] })?.[0]?.context_length).toBeUndefined();
  });

  it.each([null, 'x', []])('are shown with %j as their facts', (model_info) => {
    expect(readShown({ model_info }).model_info).toEqual({});
  });
});

describe('a line of an answer', () => {
  it('may leave out its text, or call it null', () => {
    expect(readGenerateChunk({ done: true })).toMatchObject({ response: '', done: true });
    expect(readGenerateChunk({ response: null, thinking: null })).toMatchObject({ response: '', thinking: undefined });
    expect(readChatChunk({ done: true, message: null })).toMatchObject({ message: { content: '' }, done: true });
    const message = { content: null, thinking: null, tool_calls: null };
    expect(readChatChunk({ message })?.message).toEqual({ content: '', thinking: undefined, tool_calls: undefined });
  });

  it.each([5, { a: 1 }, ['x']])('is not understood when its text is %j', (text) => {
    expect(readGenerateChunk({ response: text })).toBeUndefined();
    expect(readGenerateChunk({ response: 'a', thinking: text })).toBeUndefined();
    expect(readChatChunk({ message: { content: text } })).toBeUndefined();
  });

  it.each(['true', 'false', 1])('is not the last one with "done": %j', (done) => {
    expect(readGenerateChunk({ response: '', done })?.done).toBe(false);
    expect(readChatChunk({ message: {}, done })?.done).toBe(false);
  });

  it('leaves out figures that cannot be', () => {
    const figures = { eval_count: -4, eval_duration: '5', prompt_eval_count: Infinity, load_duration: 1e300 };
    const read = readGenerateChunk({ ...figures, done: true, done_reason: 7, total_duration: 8.4 });
    expect(JSON.parse(JSON.stringify(read))).toEqual({ done: true, response: '', total_duration: 8 });
  });

  it.each([{ function: { name: 'f' } }, ['f'], [{ function: { name: 'f', arguments: { deep } } }]])(
    'is not understood when its tool calls are no list of calls, or too deep',
    (tool_calls) => {
      expect(readChatChunk({ message: { tool_calls } })).toBeUndefined();
    },
  );
});

describe('vectors', () => {
  it.each([[null], [['a']], [[null]], ['x'], [[1], [1, 2]]])('are not understood as %j', (...embeddings) => {
    expect(readEmbedResponse({ embeddings })).toBeUndefined();
  });

  it('are numbers, all of one width', () => {
    expect(readEmbedResponse({ embeddings: [[0.1], [0.2]], prompt_eval_count: 3 })).toMatchObject({
      embeddings: [[0.1], [0.2]],
      prompt_eval_count: 3,
    });
  });
});

describe('the progress of a pull', () => {
  it('has a status', () => {
    expect([readPullProgress({}), readPullProgress({ status: 5 })]).toEqual([undefined, undefined]);
  });

  it('leaves out sizes that cannot be', () => {
    expect(readPullProgress({ status: 'pulling', total: '5', completed: -1 })).toEqual({ status: 'pulling' });
  });
});

describe('isEncodable', () => {
  it('is false for what is nested deeper than JSON can be written', () => {
    expect([isEncodable({ a: [1] }), isEncodable(deep)]).toEqual([true, false]);
  });
});
