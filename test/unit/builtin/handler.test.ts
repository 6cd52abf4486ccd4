import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeEngine, facts, modelFiles, setUpHandler, toText } from './fake-llama.ts';

const silent = () => [];

describe('questions', () => {
  it('says that it runs', async () => {
    const { ask } = setUpHandler(fakeEngine(silent));
    const response = await ask('/');
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'Ollama is running',
    ]);
  });

  it('answers HEAD without a body', async () => {
    const { ask } = setUpHandler(fakeEngine(silent));
    const response = await ask('/', undefined, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it.each([
    ['/api/nope', 'GET', 404, '404 page not found'],
    ['/api/generate', 'GET', 405, '405 method not allowed'],
    ['/constructor', 'GET', 404, '404 page not found'],
  ])('refuses %s by %s with %i', async (path, method, status, text) => {
    const { ask } = setUpHandler(fakeEngine(silent));
    const response = await ask(path, undefined, { method });
    expect([response.status, await response.text()]).toEqual([status, text]);
  });

  it('lists what is there with capabilities and context length, and no file that is not a model', async () => {
    const directory = modelFiles('SmolLM2-135M-Instruct.Q4_1.gguf', 'broken.gguf', 'notes.txt');
    const engine = fakeEngine(silent, {
      describe: (file) => {
        if (file.includes('broken')) throw new Error('no GGUF');
        return facts;
      },
    });
    const { answerOf, ask } = setUpHandler(engine, { directory });
    const { models } = (await (await ask('/api/tags')).json()) as { models: Record<string, unknown>[] };
    expect(models).toHaveLength(1);
    expect(models[0]).toMatchObject({
      name: 'smollm2:135m',
      details: { family: 'llama', parameter_size: '134.52M', quantization_level: 'Q4_1', context_length: 8192 },
      capabilities: ['completion'],
    });
    expect(models[0]?.['digest']).toMatch(/^[0-9a-f]{64}$/);
    expect(await answerOf('/api/show', { model: 'SmolLM2:135M' })).toMatchObject([
      { capabilities: ['completion'], model_info: { 'llama.context_length': 8192 } },
    ]);
  });

  it('takes a GGUF path as the name of a model and lists it from then on', async () => {
    const { answerOf, ask, directory } = setUpHandler(fakeEngine(() => ['ok']));
    writeFileSync(join(directory, '../elsewhere.gguf'), '');
    const [first] = await answerOf('/api/generate', { model: '../elsewhere.gguf', prompt: 'x' });
    expect(first).toMatchObject({ model: '../elsewhere.gguf', response: 'ok' });
    expect(await (await ask('/api/tags')).text()).toContain('"../elsewhere.gguf"');
  });

  it('shows the loaded model with its context', async () => {
    const { answerOf, ask } = setUpHandler(fakeEngine(silent));
    expect(await (await ask('/api/ps')).json()).toEqual({ models: [] });
    await answerOf('/api/generate', { model: 'one', options: { num_ctx: 512 } });
    expect(await (await ask('/api/ps')).json()).toMatchObject({
      models: [{ name: 'one:latest', context_length: 512, expires_at: '2026-01-01T00:05:00.000Z' }],
    });
  });
});

describe('refusals', () => {
  it.each([
    ['/api/generate', '', 400, 'missing request body'],
    ['/api/generate', { prompt: 'x' }, 404, "model '' not found"],
    ['/api/chat', { messages: [] }, 400, 'model is required'],
    ['/api/generate', { model: 'a b c', prompt: 'x' }, 400, 'invalid model name'],
    ['/api/chat', { model: 'nope', messages: [] }, 404, "model 'nope' not found"],
    ['/api/embed', { model: 'nope', input: 'x' }, 404, 'model "nope" not found, try pulling it first'],
    ['/api/generate', { model: '/nowhere/x.gguf', prompt: 'x' }, 404, "model '/nowhere/x.gguf' not found"],
    [
      '/api/embed',
      { model: 'one', input: 'x' },
      501,
      'This server does not support embeddings. Start it with `--embeddings`',
    ],
    ['/api/generate', { model: 'one', prompt: 'x', think: true }, 400, '"one" does not support thinking'],
    [
      '/api/chat',
      { model: 'one', messages: [{ role: 'user', content: 'x' }], tools: [{}] },
      400,
      'registry.ollama.ai/library/one:latest does not support tools',
    ],
    ['/api/generate', { model: 'one', prompt: 'x', images: ['aGk='] }, 400, '"one" does not support vision'],
    [
      '/api/generate',
      { model: 'one', prompt: 'x', options: { num_ctx: 'big' } },
      500,
      'option "num_ctx" must be of type integer',
    ],
    [
      '/api/generate',
      { model: 'one', prompt: 'x', raw: true, system: 'y' },
      400,
      'raw mode does not support template, system, or context',
    ],
    [
      '/api/generate',
      { model: 'one', prompt: 'x', format: 'yaml' },
      500,
      'invalid format: "\\"yaml\\""; expected "json" or a valid JSON Schema object',
    ],
    [
      '/api/generate',
      { model: 'one', prompt: 'x', format: { type: 'string', pattern: '^a' } },
      400,
      "the built-in engine does not support 'pattern' in a schema",
    ],
    [
      '/api/generate',
      { model: 'one', prompt: 'x'.repeat(300), truncate: false, options: { num_ctx: 256 } },
      400,
      'the input length exceeds the context length',
    ],
  ])('answers %s with %j as the server does', async (path, body, status, error) => {
    const { ask } = setUpHandler(fakeEngine(silent));
    const response = await ask(path, body);
    expect([response.status, await response.json()]).toEqual([status, { error }]);
  });

  it('frees the model after a refusal found once it is loaded', async () => {
    const { answerOf } = setUpHandler(fakeEngine(() => ['fine']));
    await answerOf('/api/generate', { model: 'one', prompt: 'x', format: 'yaml' });
    expect(await answerOf('/api/generate', { model: 'one', prompt: 'x' })).toMatchObject([{ response: 'fine' }, {}]);
  });
});

describe('prompts', () => {
  it('puts the system text before the prompt', async () => {
    const engine = fakeEngine(silent);
    await setUpHandler(engine).answerOf('/api/generate', { model: 'one', prompt: 'Hi', system: 'Be brief.' });
    expect(toText(engine.answers[0]?.prompt ?? [])).toBe('<system>Be brief.<user>Hi');
  });

  it('sends a raw prompt as it is', async () => {
    const engine = fakeEngine(silent);
    await setUpHandler(engine).answerOf('/api/generate', { model: 'one', prompt: 'Once', raw: true });
    expect(toText(engine.answers[0]?.prompt ?? [])).toBe('Once');
  });

  it('cuts an over-long prompt to the context, keeping its start and its end', async () => {
    const engine = fakeEngine(() => ['ok']);
    const body = { model: 'one', prompt: `abcd${'x'.repeat(20)}yz`, raw: true, options: { num_ctx: 8 } };
    const lines = await setUpHandler(engine).answerOf('/api/generate', body);
    expect(toText(engine.answers[0]?.prompt ?? [])).toBe('abcdxxyz');
    expect(lines.at(-1)).toMatchObject({ prompt_eval_count: 8 });
  });

  it('drops the oldest messages of a long chat, but neither system text nor the last message', async () => {
    const engine = fakeEngine(silent);
    const say = (role: string, content: string) => ({ role, content });
    const messages = [say('system', 'S'), say('user', 'old'), say('assistant', 'answer'), say('user', 'new')];
    await setUpHandler(engine).answerOf('/api/chat', { model: 'one', messages, options: { num_ctx: 20 } });
    expect(toText(engine.answers[0]?.prompt ?? [])).toBe('<system>S<user>new');
  });
});
