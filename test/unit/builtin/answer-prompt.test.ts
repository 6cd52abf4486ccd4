import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../../src/lib/deferred.ts';
import { fakeEngine, linesOf, manualClock, setUpHandler, toText, type Speak } from './fake-llama.ts';

const words: Speak = () => ['One', ' two', ' three'];
const ask = { model: 'one', prompt: 'count' };

describe('answers', () => {
  it('streams a line for each piece and closes with reason and counts', async () => {
    const lines = await setUpHandler(fakeEngine(words)).answerOf('/api/generate', ask);
    expect(lines.map(({ response, done }) => [response, done])).toEqual([
      ['One', false],
      [' two', false],
      [' three', false],
      ['', true],
    ]);
    expect(lines.at(-1)).toMatchObject({ done_reason: 'stop', prompt_eval_count: 11, eval_count: 3 });
  });

  it('streams messages for chat', async () => {
    const body = { model: 'one', messages: [{ role: 'user', content: 'count' }] };
    const [first] = await setUpHandler(fakeEngine(words)).answerOf('/api/chat', body);
    expect(first?.message).toEqual({ role: 'assistant', content: 'One' });
  });

  it('joins the whole answer into one document when asked not to stream', async () => {
    const response = await setUpHandler(fakeEngine(words)).ask('/api/generate', { ...ask, stream: false });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await linesOf(response)).toMatchObject([{ response: 'One two three', done: true, eval_count: 3 }]);
  });

  it('stops at num_predict and says so', async () => {
    const lines = await setUpHandler(fakeEngine(words)).answerOf('/api/generate', {
      ...ask,
      options: { num_predict: 2 },
    });
    expect(lines.map(({ response }) => response).join('')).toBe('One two');
    expect(lines.at(-1)).toMatchObject({ done_reason: 'length', eval_count: 2 });
  });

  it('stops where the context is full when it must not forget its beginning', async () => {
    const body = { ...ask, raw: true, shift: false, options: { num_ctx: 7 } };
    const lines = await setUpHandler(fakeEngine(words)).answerOf('/api/generate', body);
    expect(lines.at(-1)).toMatchObject({ done_reason: 'length', eval_count: 2 });
  });

  it('ends before a stop string that is spread over pieces', async () => {
    const body = { ...ask, options: { stop: ['wo th'] } };
    const lines = await setUpHandler(fakeEngine(words)).answerOf('/api/generate', body);
    expect(lines.map(({ response }) => response).join('')).toBe('One t');
    expect(lines.at(-1)).toMatchObject({ done_reason: 'stop' });
  });

  it('counts tokens that make no text yet', async () => {
    const lines = await setUpHandler(fakeEngine(() => ['', '', '😀'])).answerOf('/api/generate', ask);
    expect(lines).toMatchObject([{ response: '😀' }, { eval_count: 3 }]);
  });

  it('reports the time of each part', async () => {
    const clock = manualClock();
    const engine = fakeEngine(
      () => {
        clock.advance(300);
        return ['x'];
      },
      {
        onLoad: () => {
          clock.advance(2000);
          return Promise.resolve();
        },
      },
    );
    const lines = await setUpHandler(engine, { clock }).answerOf('/api/generate', ask);
    expect(lines.at(-1)).toMatchObject({ load_duration: 2e9, eval_duration: 3e8, total_duration: 2.3e9 });
  });

  it('escapes what Go escapes', async () => {
    const { ask: send } = setUpHandler(fakeEngine(() => ['<b>&']));
    expect(await (await send('/api/generate', ask)).text()).toContain('"\\u003cb\\u003e\\u0026"');
  });
});

describe('sampling', () => {
  it('takes a new seed for each request that names none', async () => {
    const numbers = [0.25, 0.75];
    const engine = fakeEngine(words);
    const { answerOf } = setUpHandler(engine, { random: () => numbers.shift() ?? 0 });
    await answerOf('/api/generate', ask);
    await answerOf('/api/generate', ask);
    expect(engine.answers.map(({ sampling }) => sampling.seed)).toEqual([2 ** 30, 3 * 2 ** 30]);
  });

  it('passes options on over the defaults of a server', async () => {
    const engine = fakeEngine(words);
    const options = { seed: 7, temperature: 0, top_k: 3, repeat_penalty: 1.3 };
    await setUpHandler(engine).answerOf('/api/generate', { ...ask, options });
    expect(engine.answers[0]?.sampling).toMatchObject({ ...options, top_p: 0.9, repeat_last_n: 64 });
  });

  it('passes a schema on in the words of the grammar', async () => {
    const engine = fakeEngine(words);
    const format = { type: 'object', properties: { anyOf: { anyOf: [{ type: 'string' }, { type: 'null' }] } } };
    await setUpHandler(engine).answerOf('/api/generate', { ...ask, format });
    expect(engine.answers[0]?.format).toEqual({
      type: 'object',
      properties: { anyOf: { oneOf: [{ type: 'string' }, { type: 'null' }] } },
    });
  });
});

describe('failures', () => {
  it('has the status of an error as long as nothing is said', async () => {
    const engine = fakeEngine(words, { onLoad: () => Promise.reject(new Error('Failed to load model')) });
    const response = await setUpHandler(engine).ask('/api/generate', ask);
    expect([response.status, await response.json()]).toEqual([500, { error: 'Failed to load model' }]);
  });

  it('ends a begun stream with the error', async () => {
    const engine = fakeEngine(async function* () {
      yield await Promise.resolve('begun');
      throw new Error('decode failed');
    });
    const lines = await setUpHandler(engine).answerOf('/api/generate', ask);
    expect(lines).toMatchObject([{ response: 'begun' }, { error: 'decode failed' }]);
  });

  it('sends no headers before the first piece', async () => {
    const [first, begun] = [createDeferred<string>(), createDeferred<undefined>()];
    const engine = fakeEngine(async function* () {
      begun.resolve(undefined);
      yield await first.promise;
    });
    let isAnswered = false;
    const answer = setUpHandler(engine)
      .ask('/api/generate', ask)
      .then((response) => ((isAnswered = true), response));
    await begun.promise;
    await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    first.resolve('now');
    expect(await linesOf(await answer)).toMatchObject([{ response: 'now' }, { done: true }]);
  });
});

describe('without a prompt', () => {
  it('loads, and keeps what is loaded', async () => {
    const engine = fakeEngine(words);
    const { answerOf } = setUpHandler(engine);
    expect(await answerOf('/api/chat', { model: 'one', messages: [] })).toMatchObject([{ done_reason: 'load' }]);
    await answerOf('/api/generate', ask);
    expect(engine.loads).toEqual(['one.gguf 4096']);
  });

  it('unloads with keep_alive 0, also a model that is not loaded', async () => {
    const engine = fakeEngine(words);
    const { answerOf } = setUpHandler(engine);
    const unload = { model: 'one', keep_alive: 0 };
    expect(await answerOf('/api/generate', unload)).toMatchObject([{ done_reason: 'unload' }]);
    await answerOf('/api/generate', ask);
    await answerOf('/api/generate', unload);
    expect(engine.inMemory.size).toBe(0);
  });
});

it('gives equal answers the same prompt text whichever way they are asked', async () => {
  const engine = fakeEngine(words);
  const { answerOf } = setUpHandler(engine);
  await answerOf('/api/generate', ask);
  await answerOf('/api/chat', { model: 'one', messages: [{ role: 'user', content: 'count' }] });
  const [generated, chatted] = engine.answers.map(({ prompt }) => toText(prompt));
  expect(chatted).toBe(generated);
});
