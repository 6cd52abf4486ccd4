import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ollama } from 'ollama';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeOllama, type FakeOllama } from '../rig/fake-ollama.ts';
import { listening, serverRig } from './server-rig.ts';

const models = ['llama3.2', { name: 'all-minilm', capabilities: ['embedding' as const] }];
const messages = [{ role: 'user', content: 'Why is the sky blue?' }];

async function pieces<Piece, Text>(stream: AsyncIterable<Piece>, textOf: (piece: Piece) => Text): Promise<Text[]> {
  const texts: Text[] = [];
  for await (const piece of stream) texts.push(textOf(piece));
  return texts;
}

const calls: Readonly<Record<string, (ollama: Ollama) => Promise<unknown>>> = {
  generate: async (ollama) => (await ollama.generate({ model: 'llama3.2', prompt: 'x' })).response,
  'generate, streaming': async (ollama) =>
    pieces(await ollama.generate({ model: 'llama3.2', prompt: 'x', stream: true }), ({ response }) => response),
  chat: async (ollama) => (await ollama.chat({ model: 'llama3.2', messages })).message,
  'chat, streaming': async (ollama) =>
    pieces(await ollama.chat({ model: 'llama3.2', messages, stream: true }), ({ message }) => message.content),
  embed: async (ollama) => (await ollama.embed({ model: 'all-minilm', input: ['a', 'b'] })).embeddings,
  embeddings: async (ollama) => (await ollama.embeddings({ model: 'all-minilm', prompt: 'a' })).embedding,
  list: async (ollama) => (await ollama.list()).models.map(({ name, digest }) => [name, digest]),
  ps: async (ollama) => (await ollama.ps()).models.map(({ name }) => name),
  show: async (ollama) => (await ollama.show({ model: 'llama3.2' })).capabilities,
  version: (ollama) => ollama.version(),
  'a missing model': (ollama) => ollama.generate({ model: 'nope', prompt: 'x' }).catch(String),
  'a missing model, streaming': (ollama) => ollama.chat({ model: 'nope', messages, stream: true }).catch(String),
  'a wrong option': (ollama) =>
    ollama.generate({ model: 'llama3.2', prompt: 'x', options: { num_ctx: 'many' as never } }).catch(String),
};

test.each(Object.keys(calls))('the package `ollama` gets from us what it gets from Ollama: %s', async (name) => {
  await using direct = await startFakeOllama({ models });
  await using behind = await startFakeOllama({ models });
  const call = calls[name];
  const [expected, got] = [
    await call?.(clientOf(direct)),
    await call?.(new Ollama({ host: await listening(serverRig({ fake: behind })) })),
  ];
  expect(got).toEqual(expected);
  expect(got).not.toBeUndefined();
});

function clientOf({ url }: FakeOllama): Ollama {
  return new Ollama({ host: url });
}

test('an error in the middle of a stream reaches the package', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', async (call) => {
    await call.send('one ');
    await call.errorLine('the model has gone');
  });
  const ollama = new Ollama({ host: await listening(serverRig({ fake })) });
  const stream = await ollama.generate({ model: 'llama3.2', prompt: 'x', stream: true });
  await expect(pieces(stream, ({ response }) => response)).rejects.toThrow('the model has gone');
});

test('an answer that breaks off breaks off for the client, too', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', async (call) => {
    await call.send('one ');
    await call.hangUp();
  });
  const ollama = new Ollama({ host: await listening(serverRig({ fake })) });
  const read = async (): Promise<unknown> =>
    pieces(await ollama.generate({ model: 'llama3.2', prompt: 'x', stream: true }), ({ response }) => response);
  await expect(read()).rejects.toThrow();
});

test('chat completions of OpenAI clients are passed on, streaming, with their key', async () => {
  const seen: unknown[] = [];
  const events = ['data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n', 'data: [DONE]\n\n'];
  const server = createServer((request, response) => {
    seen.push([request.method, request.url, request.headers.authorization]);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events) response.write(event);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const fake = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const url = await listening(serverRig({ fake }));
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer ollama' },
    body: JSON.stringify({ model: 'llama3.2', messages, stream: true }),
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(await response.text()).toBe(events.join(''));
  expect(seen).toEqual([['POST', '/v1/chat/completions', 'Bearer ollama']]);
});
