import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../../src/lib/deferred.ts';
import { fakeEngine, linesOf, manualClock, setUpHandler } from './fake-llama.ts';

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const prompt = (model: string, more: object = {}) => ({ model, prompt: 'x', ...more });

describe('turns', () => {
  it('answers one request at a time', async () => {
    let [open, most] = [0, 0];
    const engine = fakeEngine(async function* () {
      most = Math.max(most, ++open);
      yield await Promise.resolve('x');
      open -= 1;
    });
    const { answerOf } = setUpHandler(engine);
    await Promise.all(['one', 'two', 'one', 'two'].map((model) => answerOf('/api/generate', prompt(model))));
    expect([engine.answers.length, most]).toEqual([4, 1]);
  });

  it('ends the answer of a client that stops reading, and serves the next', async () => {
    const engine = fakeEngine(function* () {
      for (;;) yield 'on';
    });
    const { ask } = setUpHandler(engine);
    const endless = await ask('/api/generate', prompt('one'));
    await endless.body?.cancel();
    const next = await ask('/api/generate', prompt('one', { options: { num_predict: 1 } }));
    expect(await linesOf(next)).toMatchObject([{ response: 'on' }, { done_reason: 'length' }]);
  });

  it('hands the signal of the client to the engine', async () => {
    const [hungUp, begun] = [new AbortController(), createDeferred<undefined>()];
    const engine = fakeEngine(async function* ({ signal }) {
      begun.resolve(undefined);
      yield await new Promise<string>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    });
    const { ask } = setUpHandler(engine);
    const answer = ask('/api/generate', prompt('one'), { signal: hungUp.signal });
    await begun.promise;
    hungUp.abort();
    expect((await answer).status).toBe(499);
  });
});

it('hears a client hang up also after a garbage collection', async () => {
  const [hungUp, begun] = [new AbortController(), createDeferred<undefined>()];
  const engine = fakeEngine(async function* ({ signal }) {
    begun.resolve(undefined);
    yield await new Promise<string>((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  });
  const { ask } = setUpHandler(engine);
  const answer = ask('/api/generate', prompt('one'), { signal: hungUp.signal });
  await begun.promise;
  collectGarbage();
  hungUp.abort();
  expect((await answer).status).toBe(499);
});

describe('memory', () => {
  it('holds one model at a time', async () => {
    const engine = fakeEngine(() => ['x']);
    const { answerOf } = setUpHandler(engine);
    for (const model of ['one', 'one', 'two', 'one']) await answerOf('/api/generate', prompt(model));
    expect(engine.loads).toEqual(['one.gguf 4096', 'two.gguf 4096', 'one.gguf 4096']);
    expect(engine.inMemory.size).toBe(1);
  });

  it('loads anew for another context, but not for one beyond what the model was trained for', async () => {
    const engine = fakeEngine(() => ['x']);
    const { answerOf } = setUpHandler(engine);
    for (const num_ctx of [4096, 8192, 100_000])
      await answerOf('/api/generate', prompt('one', { options: { num_ctx } }));
    expect(engine.loads).toEqual(['one.gguf 4096', 'one.gguf 8192']);
  });

  it('frees the memory five minutes after the last request', async () => {
    const clock = manualClock();
    const engine = fakeEngine(() => ['x']);
    const { answerOf } = setUpHandler(engine, { clock });
    await answerOf('/api/generate', prompt('one'));
    clock.advance(299_000);
    await answerOf('/api/generate', prompt('one'));
    clock.advance(299_000);
    expect(engine.inMemory.size).toBe(1);
    clock.advance(1_000);
    expect(engine.inMemory.size).toBe(0);
  });

  it.each([
    ['10m', 599_000, 1],
    ['10m', 600_000, 0],
    [-1, 1e9, 1],
    [60, 60_000, 0],
    ['100000h', 1e9, 1],
    [0, 0, 0],
  ])(
    'keeps the model as long as keep_alive %j says (%i ms later: %i in memory)',
    async (keep_alive, laterMs, count) => {
      const clock = manualClock();
      const engine = fakeEngine(() => ['x']);
      const { answerOf } = setUpHandler(engine, { clock });
      await answerOf('/api/generate', prompt('one', { keep_alive }));
      clock.advance(laterMs);
      expect(engine.inMemory.size).toBe(count);
    },
  );

  it('unloads a busy model only when its answer has ended', async () => {
    const [piece, begun] = [createDeferred<string>(), createDeferred<undefined>()];
    const engine = fakeEngine(async function* () {
      begun.resolve(undefined);
      yield await piece.promise;
    });
    const { answerOf } = setUpHandler(engine);
    const answer = answerOf('/api/generate', prompt('one'));
    await begun.promise;
    await answerOf('/api/generate', { model: 'one', keep_alive: 0 });
    expect(engine.inMemory.size).toBe(1);
    piece.resolve('whole');
    expect(await answer).toMatchObject([{ response: 'whole' }, { done: true }]);
    expect(engine.inMemory.size).toBe(0);
  });

  it('throws away a load whose client hung up, and loads for the next', async () => {
    const [hungUp, begun] = [new AbortController(), createDeferred<undefined>()];
    const engine = fakeEngine(() => ['x'], {
      onLoad: ({ signal }) => {
        begun.resolve(undefined);
        if (engine.loads.length > 1) return Promise.resolve();
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        );
      },
    });
    const { ask, answerOf } = setUpHandler(engine);
    const first = ask('/api/generate', prompt('one'), { signal: hungUp.signal });
    await begun.promise;
    hungUp.abort();
    expect((await first).status).toBe(499);
    expect(await answerOf('/api/generate', prompt('one'))).toMatchObject([{ response: 'x' }, { done: true }]);
  });
});
