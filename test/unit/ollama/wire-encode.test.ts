import { describe, expect, it } from 'vitest';
import { chatChunk, closeChunk, encodeLine, errorReply, generateChunk } from '../../../src/ollama/wire-encode.ts';

describe('encodeLine', () => {
  it('escapes what Go escapes, and ends with a newline', () => {
    expect(encodeLine({ text: '<a> & \u2028\u2029 "é"' })).toBe(
      String.raw`{"text":"\u003ca\u003e \u0026 \u2028\u2029 \"é\""}` + '\n',
    );
  });
});

describe('chunks', () => {
  it('leave out thinking when there is none', () => {
    expect(generateChunk('m', 0, { text: 'x' })).toEqual({
      ...{ model: 'm', created_at: '1970-01-01T00:00:00.000Z', response: 'x', done: false },
    });
  });

  it('always have content in a chat', () => {
    expect(chatChunk('m', 0, { thinking: 'hm' }).message).toEqual({ role: 'assistant', content: '', thinking: 'hm' });
  });

  it('close with the metrics in the order of the server, without zeros', () => {
    const closed = closeChunk(generateChunk('m', 0, {}), {
      ...{ eval_count: 2, total_duration: 9, load_duration: 0, done_reason: 'stop', context: [1] },
    });
    expect(Object.keys(closed)).toEqual([
      ...['model', 'created_at', 'response', 'done', 'done_reason', 'context', 'total_duration', 'eval_count'],
    ]);
  });
});

describe('errorReply', () => {
  it('may say where to sign in', () => {
    expect(errorReply(401, 'unauthorized', { signin_url: 'https://ollama.com/connect' }).body).toBe(
      '{"error":"unauthorized","signin_url":"https://ollama.com/connect"}',
    );
  });
});
