import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installBuiltin, type Installed } from '../../src/builtin/install-builtin.ts';
import { startBuiltin, type BuiltinServer } from '../../src/builtin/start-builtin.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { registerOllamaProtocolTests } from '../protocol/protocol-suite.ts';
import { withHeaders } from '../protocol/with-headers.ts';
import { clientOf } from '../rig/fake-ollama-client.ts';

// The real engine and the real model, fetched as a user's would be.
const host = createNodeHost();
const dataDirectory = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-builtin-'));
const model = 'smollm2:135m';
let installed: Installed;
let server: BuiltinServer;

beforeAll(async () => {
  const { signal } = new AbortController();
  installed = await installBuiltin({ dataDirectory, host, signal, onProgress: () => undefined });
  server = await startBuiltin({ dataDirectory, host, signal });
}, 600_000);

afterAll(async () => {
  await server.close();
  rmSync(dataDirectory, { recursive: true, force: true });
});

interface Line {
  response?: string;
  message?: { content: string };
  done?: boolean;
  done_reason?: string;
  eval_count?: number;
  prompt_eval_count?: number;
}

function send(path: string, body: object, more: RequestInit = {}): Promise<Response> {
  const { url, headers } = server.address;
  return fetch(url + path, { method: 'POST', headers, body: JSON.stringify({ model, ...body }), ...more });
}

async function answerTo(path: string, body: object): Promise<{ text: string; last: Line }> {
  const lines = (await (await send(path, body)).text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const text = lines.map(({ response, message }) => response ?? message?.content ?? '').join('');
  return { text, last: lines.at(-1) ?? {} };
}

async function loadedContext(): Promise<number | undefined> {
  const { url, headers } = server.address;
  const { models } = (await (await fetch(`${url}/api/ps`, { headers })).json()) as {
    models: { context_length: number }[];
  };
  return models[0]?.context_length;
}

const ask = (prompt: string, options: object = {}) =>
  answerTo('/api/generate', { prompt, options: { num_predict: 24, ...options } });

describe('the built-in engine', () => {
  it('installs itself and the model, once', async () => {
    expect([installed.engine.is_new, installed.model.is_new]).toEqual([true, true]);
    const { signal } = new AbortController();
    const offline = { ...host, env: { PATH: '' } };
    const again = await installBuiltin({ dataDirectory, host: offline, signal, onProgress: () => undefined });
    expect([again.engine.is_new, again.model.is_new]).toEqual([false, false]);
  });

  it('answers with text of the model and real counts', async () => {
    const { text, last } = await ask('Why is the sky blue?', { seed: 1 });
    expect(text).toMatch(/sky|light|color|atmosphere/i);
    expect(last).toMatchObject({ done: true, done_reason: 'length', eval_count: 24 });
    expect(last.prompt_eval_count).toBeGreaterThan(5);
  });

  it('says the same for one seed, also after other prompts, and something else for another', async () => {
    const prompt = `Tell me a story about a fox. ${'It begins in a dark wood. '.repeat(20)}`;
    const first = await ask(prompt, { seed: 1 });
    const begunAlike = await ask(`${prompt} It ends well.`, { seed: 1 });
    const other = await ask(prompt, { seed: 2 });
    const again = await ask(prompt, { seed: 1 });
    expect(again.text).toBe(first.text);
    expect(other.text).not.toBe(first.text);
    expect(begunAlike.text).not.toBe(first.text);
  });

  it('chats with a system message', async () => {
    const messages = [
      { role: 'system', content: 'You are a pirate.' },
      { role: 'user', content: 'Hello' },
    ];
    const { text, last } = await answerTo('/api/chat', { messages, options: { num_predict: 16, seed: 1 } });
    expect(text.length).toBeGreaterThan(0);
    expect(last.done).toBe(true);
  });

  it('holds the model to JSON', async () => {
    const format = { type: 'object', properties: { age: { type: 'integer' }, known: { type: 'boolean' } } };
    const { text } = await answerTo('/api/generate', { prompt: 'How old is Ann?', format, options: { seed: 1 } });
    expect(JSON.parse(text)).toEqual({ age: expect.any(Number) as number, known: expect.any(Boolean) as boolean });
  });

  it('cuts a prompt that is longer than the context to exactly its length', async () => {
    const { last } = await ask('The quick brown fox jumps over the lazy dog. '.repeat(60), { num_ctx: 256 });
    expect(last.prompt_eval_count).toBe(256);
  });

  it('goes on past the end of the context', async () => {
    const { last } = await answerTo('/api/generate', {
      ...{ prompt: 'The quick brown fox jumps over the lazy dog. '.repeat(24), raw: true },
      options: { num_ctx: 256, num_predict: 60, temperature: 0, repeat_penalty: 1 },
    });
    expect(last).toMatchObject({ eval_count: 60, done_reason: 'length' });
    expect(last.prompt_eval_count).toBeGreaterThan(200);
  });

  it('answers the next request after one was abandoned in its prompt', async () => {
    const abandoned = new AbortController();
    const prompt = 'The quick brown fox jumps over the lazy dog. '.repeat(300);
    const answer = send('/api/generate', { prompt, options: { num_ctx: 4096 } }, { signal: abandoned.signal });
    // Once it is loaded, the prompt is being evaluated: that takes many seconds.
    while ((await loadedContext()) !== 4096) await new Promise(setImmediate);
    abandoned.abort();
    await expect(answer).rejects.toThrow('aborted');
    const { last } = await ask('Hi', { num_predict: 1, num_ctx: 4096 });
    expect(last).toMatchObject({ done: true, eval_count: 1 });
  });

  it('refuses whoever does not know the token', async () => {
    const response = await fetch(`${server.address.url}/api/tags`);
    expect(response.status).toBe(401);
  });

  it('does not know a model whose file was moved away', async () => {
    const { file } = installed.model;
    renameSync(file, `${file}.away`);
    const response = await send('/api/generate', { prompt: 'x' });
    renameSync(`${file}.away`, file);
    expect([response.status, await response.json()]).toEqual([404, { error: `model '${model}' not found` }]);
  });
});

registerOllamaProtocolTests('llama.cpp', async () => {
  const front = await withHeaders(server.address.url, server.address.headers);
  return {
    url: front.url,
    client: clientOf(front.url),
    models: [{ name: model, capabilities: ['completion'] }],
    [Symbol.asyncDispose]() {
      front.close();
      return Promise.resolve();
    },
  };
});

describe('its process', () => {
  it('ends when its parent is killed', async () => {
    const library = fileURLToPath(new URL('../../dist/lib/', import.meta.url));
    const parent = fork(fileURLToPath(new URL('./builtin-parent.mjs', import.meta.url)), [library, dataDirectory], {
      execArgv: [],
    });
    const [{ pid }] = (await once(parent, 'message')) as [{ pid: number }];
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    while (isRunning(pid)) await new Promise(setImmediate);
    expect(isRunning(pid)).toBe(false);
  });

  it('breaks the stream when it crashes, and nothing else', async () => {
    const { signal } = new AbortController();
    const crashing = await startBuiltin({ dataDirectory, host, signal });
    const { url, headers } = crashing.address;
    const body = JSON.stringify({ model, prompt: 'Write a long story.', options: { num_predict: 400 } });
    const response = await fetch(`${url}/api/generate`, { method: 'POST', headers, body });
    const reader = response.body?.getReader();
    await reader?.read();
    process.kill(crashing.pid, 'SIGKILL');
    const rest = async (): Promise<void> => {
      while (!(await reader?.read())?.done);
    };
    await expect(rest()).rejects.toThrow();
    await crashing.close();
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
