import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ollama } from 'ollama';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { listening, readLines, serverRig } from './server-rig.ts';

/** A server that is no Ollama, and what it was sent. */
async function startOther(
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
): Promise<{ url: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('a client of Ollama works when it is told our address', async () => {
  await using fake = await startFakeOllama({
    models: ['llama3.2', { name: 'all-minilm', capabilities: ['embedding'] }],
  });
  const ollama = new Ollama({ host: await listening(serverRig({ fake })) });
  expect((await ollama.list()).models.map(({ name }) => name)).toContain('llama3.2:latest');
  const message = { role: 'user', content: 'Say hello' };
  const answer = await ollama.chat({ model: 'llama3.2', messages: [message] });
  const pieces: string[] = [];
  for await (const part of await ollama.chat({ model: 'llama3.2', messages: [message], stream: true })) {
    pieces.push(part.message.content);
  }
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join('')).toBe(answer.message.content);
  expect((await ollama.embed({ model: 'all-minilm', input: ['a', 'b'] })).embeddings).toHaveLength(2);
  await expect(ollama.generate({ model: 'nope', prompt: 'x' })).rejects.toThrow(/not found/);
});

test('when a client breaks off a stream, so is the request to the Ollama server', async () => {
  await using fake = await startFakeOllama();
  const ollama = new Ollama({ host: await listening(serverRig({ fake })) });
  const asked = ollama.generate({ model: 'llama3.2', prompt: 'x', stream: true });
  const call = await fake.nextCall();
  await call.send('one ');
  for await (const part of await asked) {
    expect(part.response).toBe('one ');
    ollama.abort();
    break;
  }
  await fake.until(({ open }) => open === 0);
  expect(fake.prompts[0]?.outcome).toBe('client-closed');
});

test('when a client breaks off before there is an answer, so is the request to the Ollama server', async () => {
  await using fake = await startFakeOllama();
  const url = await listening(serverRig({ fake }));
  const client = new AbortController();
  const body = JSON.stringify({ model: 'llama3.2', prompt: 'x' });
  const asked = fetch(`${url}/api/generate`, { method: 'POST', body, signal: client.signal });
  const refused = expect(asked).rejects.toThrow();
  await fake.nextCall();
  client.abort();
  await fake.until(({ open }) => open === 0);
  expect(fake.prompts[0]?.outcome).toBe('client-closed');
  await refused;
});

test.each([
  ['GET', 200, 'Ollama is running'],
  ['HEAD', 200, ''],
])('%s / says that Ollama is running', async (method, status, text) => {
  await using fake = await startFakeOllama();
  const { send } = serverRig({ fake });
  const response = await send(method, '/');
  expect({ status: response.status, text: await response.text() }).toEqual({ status, text });
});

test('what Ollama refuses is answered as Ollama answers it', async () => {
  await using fake = await startFakeOllama();
  const { send } = serverRig({ fake });
  for (const [method, path, body] of [
    ['POST', '/api/generate', '{"model":'],
    ['POST', '/api/generate', '{"model":"nope","prompt":"x"}'],
    ['GET', '/api/nothing', undefined],
    ['GET', '/v1/nothing', undefined],
  ] as const) {
    const direct = await fetch(`${fake.url}${path}`, { method, body: body ?? null });
    const passed = await send(method, path, body);
    expect([passed.status, passed.headers.get('content-type'), await passed.text()]).toEqual([
      direct.status,
      direct.headers.get('content-type'),
      await direct.text(),
    ]);
  }
});

test('headers and query reach the Ollama server, but for those about our own connection and the page', async () => {
  const seen: IncomingMessage[] = [];
  const other = await startOther((request, response) => {
    seen.push(request);
    response
      .writeHead(201, { 'x-answer': 'yes', 'set-cookie': ['a=1', 'b=2'], connection: 'x-hop', 'x-hop': '1' })
      .end('{}');
  });
  const url = await listening(serverRig({ fake: other }));
  const headers = { authorization: 'Bearer theirs', 'x-mine': 'yes', origin: url, 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/some%20thing?a=1&b=%20`, { method: 'POST', body: '{}', headers });
  expect(response.status).toBe(201);
  expect(response.headers.get('x-answer')).toBe('yes');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(response.headers.has('x-hop')).toBe(false);
  expect(seen[0]?.url).toBe('/api/some%20thing?a=1&b=%20');
  expect(seen[0]?.headers).toMatchObject({
    authorization: 'Bearer theirs',
    'x-mine': 'yes',
    host: new URL(other.url).host,
  });
  expect(seen[0]?.headers).not.toHaveProperty('origin');
});

test.each([
  ['Authorization', { authorization: 'Bearer ours' }, undefined],
  ['a header of its own', { 'x-ollama-orchestrate-token': 'ours', authorization: 'Bearer theirs' }, 'Bearer theirs'],
])('our token in %s is not passed on', async (_where, headers, authorization) => {
  const seen: IncomingMessage['headers'][] = [];
  const other = await startOther((request, response) => {
    seen.push(request.headers);
    response.end('{}');
  });
  const { send } = serverRig({ fake: other, settings: { token: 'ours' } });
  expect((await send('GET', '/api/tags', undefined, { headers: headers as Record<string, string> })).status).toBe(200);
  expect(seen[0]?.authorization).toBe(authorization);
  expect(JSON.stringify(seen)).not.toContain('ours');
});

test('bodies that are no JSON are passed on as they are', async () => {
  const bodies: Buffer[] = [];
  const other = await startOther((_request, response, body) => {
    bodies.push(body);
    response.end();
  });
  const url = await listening(serverRig({ fake: other }));
  const bytes = Buffer.from([0, 255, 1, 254]);
  await fetch(`${url}/api/blobs/sha256:0`, { method: 'POST', body: bytes });
  expect(bodies).toEqual([bytes]);
});

test.each(['/api/blobs/sha256:0', '/api/generate'])(
  'a body larger than what is passed on is refused: %s',
  async (path) => {
    const other = await startOther((_request, response) => response.end());
    const url = await listening(serverRig({ fake: other, limits: { passedBytes: 1000 } }));
    const chunked = new ReadableStream({
      start: (controller) => {
        for (let count = 0; count < 20; count += 1) controller.enqueue(new Uint8Array(100));
        controller.close();
      },
    });
    const whole = await fetch(`${url}${path}`, { method: 'POST', body: new Uint8Array(1001) });
    const pieces = await fetch(`${url}${path}`, { method: 'POST', body: chunked, duplex: 'half' });
    expect([whole.status, pieces.status]).toEqual([413, 413]);
  },
);

test('of several servers the one that has the model answers', async () => {
  await using first = await startFakeOllama({ models: ['llama3.2'] });
  await using second = await startFakeOllama({ models: ['mistral'] });
  const { send } = serverRig({ fake: [first, second] });
  await (await send('POST', '/api/generate', { model: 'mistral', prompt: 'x' })).text();
  await (await send('POST', '/api/generate', { model: 'llama3.2', prompt: 'x' })).text();
  expect([first.prompts.length, second.prompts.length]).toEqual([1, 1]);
});

test('a server that is gone is passed over', async () => {
  await using first = await startFakeOllama();
  await using second = await startFakeOllama();
  const { send } = serverRig({ fake: [first, second] });
  expect((await send('GET', '/api/tags')).status).toBe(200);
  await first.close();
  expect((await send('GET', '/api/tags')).status).toBe(200);
  expect((await send('POST', '/api/generate', { model: 'llama3.2', prompt: 'x' })).status).toBe(200);
});

test('when no server answers, that is what is told', async () => {
  const { ask } = serverRig({ fake: { url: 'http://127.0.0.1:1' } });
  const { status, body } = await ask('GET', '/api/tags');
  expect({ status, code: body.problem.code }).toEqual({ status: 502, code: 'host-unreachable' });
});

test('no more requests than there are slots are under way per model, and the others wait', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2', 'mistral'], room: 2 });
  const { send } = serverRig({ fake, limits: { slots: 2, waiting: 3 } });
  const prompt = (model: string): Promise<Response> => send('POST', '/api/generate', { model, prompt: 'x' });
  for (const model of ['llama3.2', 'mistral']) await prompt(model);
  fake.hold();
  const sent = [prompt('llama3.2'), prompt('llama3.2'), prompt('llama3.2'), prompt('mistral')];
  await fake.until(({ open }) => open === 3);
  fake.release();
  expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(fake.maxOpenByModel).toEqual({ 'llama3.2:latest': 2, 'mistral:latest': 1 });
});

test('with room for one model, requests for two models are passed on turn by turn', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2', 'mistral'], room: 1, pieceMs: 1 });
  const { send } = serverRig({ fake, limits: { slots: 2 } });
  const sent = Array.from({ length: 16 }, (_, index) =>
    send('POST', '/api/generate', { model: index % 2 === 0 ? 'llama3.2' : 'mistral', prompt: 'x' }),
  );
  expect(new Set((await Promise.all(sent)).map(({ status }) => status))).toEqual(new Set([200]));
  expect(fake.totalLoads).toBeLessThanOrEqual(3);
});

test('a waiting client that goes away leaves the queue', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const { send } = serverRig({ fake, limits: { slots: 1, waiting: 1 } });
  const prompt = (signal?: AbortSignal): Promise<Response> =>
    send('POST', '/api/generate', { model: 'llama3.2', prompt: 'x' }, signal ? { signal } : {});
  const first = prompt();
  await fake.until(({ open }) => open === 1);
  const client = new AbortController();
  const waiting = prompt(client.signal);
  client.abort();
  await waiting;
  const next = prompt();
  fake.release();
  for (const each of [first, next]) expect(await (await each).text()).toContain('"done":true');
  expect(fake.prompts).toHaveLength(2);
});

test('an answer that breaks off at the Ollama server breaks off at the client', async () => {
  await using fake = await startFakeOllama();
  const url = await listening(serverRig({ fake }));
  const body = JSON.stringify({ model: 'llama3.2', prompt: 'x' });
  const sent = fetch(`${url}/api/generate`, { method: 'POST', body });
  const call = await fake.nextCall();
  await call.send('one ');
  const response = await sent;
  await call.hangUp();
  await expect(response.text()).rejects.toThrow();
});

test('an answer is passed on piece by piece', async () => {
  await using fake = await startFakeOllama();
  const { send } = serverRig({ fake });
  const sent = send('POST', '/api/generate', { model: 'llama3.2', prompt: 'x' });
  const call = await fake.nextCall();
  await call.send('one ');
  const lines = readLines(await sent);
  expect(await lines.untilLine(/response/)).toContain('one ');
  await call.send('two');
  expect(await lines.untilLine(/response/)).toContain('two');
  await call.finish();
});
