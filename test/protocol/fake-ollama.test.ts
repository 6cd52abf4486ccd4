import { describe, expect, it } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { startFakeOllamaProcess } from '../rig/fake-ollama-process.ts';

const ask = (url: string, path: string, body: unknown, signal?: AbortSignal) =>
  fetch(url + path, { method: 'POST', body: JSON.stringify(body), signal: signal ?? null });

const lines = async (response: Response) =>
  (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('without a script', () => {
  it('answers the same text for the same prompt, seed and options', async () => {
    await using ollama = await startFakeOllama();
    const request = { model: 'llama3.2', prompt: 'why', stream: false, options: { seed: 1 } };
    const [first, second, other] = await Promise.all(
      [request, request, { ...request, options: { seed: 2 } }].map(async (body) => {
        const response = await ask(ollama.url, '/api/generate', body);
        return ((await response.json()) as { response: string }).response;
      }),
    );
    expect(first).toBe(second);
    expect(first).not.toBe(other);
  });

  it('stops at a stop string and after num_predict tokens', async () => {
    await using ollama = await startFakeOllama();
    const response = await ask(ollama.url, '/api/generate', {
      model: 'llama3.2',
      prompt: 'x',
      options: { num_predict: 3 },
    });
    const last = (await lines(response)).at(-1);
    expect(last).toMatchObject({ done: true, done_reason: 'length', eval_count: 3 });
  });

  it('cuts a prompt to the context without a word, unless told not to', async () => {
    await using ollama = await startFakeOllama();
    const request = { model: 'llama3.2', prompt: 'word '.repeat(500), options: { num_ctx: 256 } };
    const cut = await ask(ollama.url, '/api/generate', request);
    expect((await lines(cut)).at(-1)).toMatchObject({ done_reason: 'stop', prompt_eval_count: 256 });
    const refused = await ask(ollama.url, '/api/generate', { ...request, truncate: false });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: 'the input length exceeds the context length' },
    ]);
  });

  it('thinks before it speaks, and calls a tool with an object of arguments', async () => {
    await using ollama = await startFakeOllama({
      models: [{ name: 'qwen3', capabilities: ['completion', 'thinking', 'tools'] }],
    });
    const tools = [{ function: { name: 'weather', parameters: { properties: { city: { const: 'Oslo' } } } } }];
    const response = await ask(ollama.url, '/api/chat', {
      model: 'qwen3',
      messages: [{ role: 'user', content: 'x' }],
      tools,
    });
    const answer = await lines(response);
    expect(answer[0]).toMatchObject({ message: { content: '', thinking: 'Let' }, done: false });
    const call = { function: { name: 'weather', arguments: { city: 'Oslo' } } };
    expect(answer.at(-2)).toMatchObject({ message: { tool_calls: [call] }, done: false });
  });

  it('follows a JSON schema', async () => {
    await using ollama = await startFakeOllama();
    const format = { type: 'object', properties: { age: { type: 'integer' }, tags: { type: 'array' } } };
    const response = await ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: 'x', format, stream: false });
    const { response: text } = (await response.json()) as { response: string };
    expect(JSON.parse(text)).toEqual({ age: expect.any(Number) as number, tags: [expect.any(String)] });
  });
});

describe('driven by a test', () => {
  it('sends no header before the first piece, then each piece as it is told', async () => {
    await using ollama = await startFakeOllama();
    let hasHeaders = false;
    const answer = ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: 'hi' }).then((response) => {
      hasHeaders = true;
      return lines(response);
    });
    const call = await ollama.nextCall('/api/generate');
    await (await fetch(`${ollama.url}/api/tags`)).text();
    expect([call.request.prompt, hasHeaders]).toEqual(['hi', false]);
    await call.send('Hel');
    await call.send('lo');
    await call.finish({ eval_count: 2, load_duration: 0 });
    const said = await answer;
    expect(said.map(({ response }) => response)).toEqual(['Hel', 'lo', '']);
    expect(said.at(-1)).toMatchObject({ done: true, done_reason: 'stop', eval_count: 2 });
    expect(said.at(-1)).not.toHaveProperty('load_duration');
  });

  it('hands over calls that came before they were asked for, once the path is held', async () => {
    await using ollama = await startFakeOllama();
    ollama.hold();
    const answers = ['a', 'b'].map((prompt) => ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt }));
    await ollama.until(({ open }) => open === 2);
    const second = await ollama.nextCall(({ request }) => request.prompt === 'b');
    await second.finish();
    ollama.release();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(ollama.maxOpen).toBe(2);
  });

  it('fails with a status, with a line, by a reset, and by an end without done', async () => {
    await using ollama = await startFakeOllama();
    const prompt = (text: string) => ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: text });
    ollama.reply('/api/generate', (call) => call.fail(503, 'server busy'));
    ollama.reply('/api/generate', async (call) => {
      await call.send('x');
      await call.errorLine('it broke');
    });
    ollama.reply('/api/generate', (call) => call.hangUp());
    ollama.reply('/api/generate', async (call) => {
      await call.send('half');
      await call.endWithoutDone();
    });
    expect((await prompt('1')).status).toBe(503);
    expect((await lines(await prompt('2'))).at(-1)).toEqual({ error: 'it broke' });
    await expect(prompt('3')).rejects.toThrow('fetch failed');
    expect(await lines(await prompt('4'))).toMatchObject([{ response: 'half', done: false }]);
  });

  it('complains about a scripted reply that nobody asked for', async () => {
    const ollama = await startFakeOllama();
    ollama.reply('/api/chat', (call) => call.finish());
    await expect(ollama[Symbol.asyncDispose]()).rejects.toThrow('scripted replies nobody asked for: /api/chat');
  });

  it('knows when the client has gone', async () => {
    await using ollama = await startFakeOllama();
    const abort = new AbortController();
    const answer = ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: 'x' }, abort.signal);
    const call = await ollama.nextCall();
    abort.abort();
    await expect(answer).rejects.toThrow();
    expect(await call.closed).toBe('client');
    expect(ollama.requests[0]).toMatchObject({ outcome: 'client-closed', opened: 1, closed: 2 });
  });
});

describe('with room for one model', () => {
  const models = ['a', 'b'];
  const prompt = async (url: string, model: string, signal?: AbortSignal) =>
    (await ask(url, '/api/generate', { model, prompt: 'x' }, signal)).text();

  it('loads once per change of model, first come first served', async () => {
    await using ollama = await startFakeOllama({ models, room: 1 });
    for (const model of ['a', 'b', 'a', 'b']) await prompt(ollama.url, model);
    expect(ollama.loads).toEqual({ 'a:latest': 2, 'b:latest': 2 });
    expect(ollama.loaded).toEqual(['b:latest']);
  });

  it('evicts a model only when its running requests have ended', async () => {
    await using ollama = await startFakeOllama({ models, room: 1 });
    const first = prompt(ollama.url, 'a');
    const running = await ollama.nextCall();
    const second = prompt(ollama.url, 'b');
    await ollama.until(({ open }) => open === 2);
    expect(ollama.loads).toEqual({ 'a:latest': 1 });
    await running.finish();
    await (await ollama.nextCall()).finish();
    await Promise.all([first, second]);
    expect(ollama.loads).toEqual({ 'a:latest': 1, 'b:latest': 1 });
  });

  it('throws a load away when the client that caused it leaves', async () => {
    await using ollama = await startFakeOllama({ models, room: 1 });
    ollama.hangLoads();
    const abort = new AbortController();
    const answer = prompt(ollama.url, 'a', abort.signal);
    await ollama.until(({ open }) => open === 1);
    abort.abort();
    await expect(answer).rejects.toThrow();
    await ollama.until(({ open }) => open === 0);
    ollama.resumeLoads();
    await prompt(ollama.url, 'b');
    expect(ollama.loads).toEqual({ 'b:latest': 1 });
  });

  it('loads again for another num_ctx, but not for the default spelled out', async () => {
    await using ollama = await startFakeOllama({ models });
    for (const num_ctx of [undefined, 4096, 8192])
      await (await ask(ollama.url, '/api/generate', { model: 'a', prompt: 'x', options: { num_ctx } })).text();
    expect(ollama.loads).toEqual({ 'a:latest': 2 });
  });

  it('answers surveys while a load hangs', async () => {
    await using ollama = await startFakeOllama({ models });
    ollama.hangLoads();
    prompt(ollama.url, 'a').catch(() => undefined);
    await ollama.until(({ open }) => open === 1);
    expect((await fetch(`${ollama.url}/api/ps`)).status).toBe(200);
  });
});

describe('slots', () => {
  it('gives a model as many requests at a time as it has slots', async () => {
    await using ollama = await startFakeOllama({ parallel: 1 });
    const answers = [1, 2].map((n) => ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: String(n) }));
    const first = await ollama.nextCall();
    await ollama.until(({ open }) => open === 2);
    const second = ollama.nextCall();
    let hasSlot = false;
    void second.then(() => (hasSlot = true));
    await (await fetch(`${ollama.url}/api/ps`)).text();
    expect(hasSlot).toBe(false);
    await first.finish();
    await (await second).finish();
    await Promise.all(answers);
  });

  it('refuses with 503 when too many wait for a model that is not loaded', async () => {
    await using ollama = await startFakeOllama({ queue: 1 });
    ollama.hangLoads();
    ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: '1' }).catch(() => undefined);
    await ollama.until(({ open }) => open === 1);
    const refused = await ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: '2' });
    expect(refused.status).toBe(503);
  });
});

describe('other servers', () => {
  it('has no embed endpoint and no capabilities when it is old', async () => {
    await using ollama = await startFakeOllama({ version: '0.2.5' });
    const embed = await ask(ollama.url, '/api/embed', { model: 'llama3.2', input: 'x' });
    expect([embed.status, await embed.text()]).toEqual([404, '404 page not found']);
    const show = await ask(ollama.url, '/api/show', { model: 'llama3.2' });
    expect(await show.json()).not.toHaveProperty('capabilities');
  });

  it('sends errors as a line of a 200 before 0.12.6', async () => {
    await using ollama = await startFakeOllama({ version: '0.12.5' });
    const response = await ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: 'x', format: 'yaml' });
    expect(response.status).toBe(200);
    expect((await lines(response))[0]).toHaveProperty('error');
  });

  it('refuses to embed with a chat model from 0.30 on, and lists capabilities', async () => {
    await using ollama = await startFakeOllama({ version: '0.30.0' });
    expect((await ask(ollama.url, '/api/embed', { model: 'llama3.2', input: 'x' })).status).toBe(501);
    const tags = (await (await fetch(`${ollama.url}/api/tags`)).json()) as { models: object[] };
    expect(tags.models[0]).toMatchObject({ name: 'llama3.2:latest', capabilities: ['completion'] });
  });

  it('answers surveys but no prompt when silent', async () => {
    await using ollama = await startFakeOllama({ silent: true });
    const abort = new AbortController();
    const prompt = ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: 'x' }, abort.signal);
    await ollama.until(({ loaded }) => loaded.length === 1);
    expect(ollama.open).toBe(1);
    abort.abort();
    await expect(prompt).rejects.toThrow();
  });

  it('cuts lines through characters, or puts many into one chunk', async () => {
    for (const chunks of ['split', 'joined'] as const) {
      await using ollama = await startFakeOllama({ chunks });
      ollama.reply('/api/generate', async (call) => {
        await call.send('日本語 🎉');
        await call.finish();
      });
      const response = await ask(ollama.url, '/api/generate', { model: 'llama3.2', prompt: 'x' });
      const sizes: number[] = [];
      for await (const chunk of response.body!) sizes.push((chunk as Uint8Array).length);
      if (chunks === 'split') expect(Math.max(...sizes)).toBeLessThan(20);
      else expect(sizes).toHaveLength(1);
    }
  });
});

describe('pulling', () => {
  it('reports progress that may go back, then success, and has the model', async () => {
    await using ollama = await startFakeOllama({ pullable: ['mistral'] });
    const events = await lines(await ask(ollama.url, '/api/pull', { name: 'mistral' }));
    expect(events.map(({ completed }) => completed)).toEqual([
      ...[undefined, undefined, 600, 400, 1000, 70],
      ...[undefined, undefined, undefined],
    ]);
    expect(events.at(-1)).toEqual({ status: 'success' });
    expect((await ask(ollama.url, '/api/show', { model: 'mistral' })).status).toBe(200);
  });

  it('fails inside the stream for a model nobody has', async () => {
    await using ollama = await startFakeOllama();
    const response = await ask(ollama.url, '/api/pull', { model: 'nope' });
    expect(response.status).toBe(200);
    expect((await lines(response)).at(-1)).toEqual({ error: 'pull model manifest: file does not exist' });
  });
});

describe('as a process of its own', () => {
  it('prints its address, logs each request, and dies when killed', async () => {
    await using ollama = await startFakeOllamaProcess('--models', 'llama3.2,all-minilm=embedding');
    await (await ask(ollama.url, '/api/embed', { model: 'all-minilm', input: 'x' })).text();
    expect(await ollama.requests()).toMatchObject([{ path: '/api/embed', body: { input: 'x' } }]);
    await ollama.kill();
    await expect(fetch(ollama.url)).rejects.toThrow();
  });
});
