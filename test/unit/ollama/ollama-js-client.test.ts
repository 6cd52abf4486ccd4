import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toProblem } from '../../../src/errors/problem.ts';
import type { GenerateChunk } from '../../../src/ollama/wire.ts';
import { all, calm, clientOf } from '../../rig/fake-ollama-client.ts';
import { startFakeOllama, type FakeOllama } from '../../rig/fake-ollama.ts';

const request = { model: 'llama3.2', prompt: 'hi' };

const collect = async (chunks: AsyncIterable<GenerateChunk>) =>
  (await all(chunks)).map(({ response }) => response).join('');

const generate = (url: string) => collect(clientOf(url).generate(request, { signal: calm() }));

const problemOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => toProblem(error),
  );

/** A server that is no Ollama. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('an answer', () => {
  it.each(['line', 'split', 'joined'] as const)('is read whole from %s chunks', async (chunks) => {
    await using ollama = await startFakeOllama({ chunks });
    ollama.reply('/api/generate', async (call) => {
      for (const piece of ['日本', '語 ', '🎉 <b>', ' naïve\u2028']) await call.send(piece);
      await call.finish();
    });
    expect(await generate(ollama.url)).toBe('日本語 🎉 <b> naïve\u2028');
  });

  it('brings the metrics of its last line', async () => {
    await using ollama = await startFakeOllama();
    ollama.reply('/api/generate', (call) => call.finish({ eval_count: 7, eval_duration: 5, done_reason: 'length' }));
    const chunks = await all(clientOf(ollama.url).generate(request, { signal: calm() }));
    expect(chunks.at(-1)).toMatchObject({ done: true, done_reason: 'length', eval_count: 7, eval_duration: 5 });
  });

  it('frees its connection for the next request', async () => {
    await using ollama = await startFakeOllama();
    const client = clientOf(ollama.url);
    for (let count = 0; count < 10; count += 1) await collect(client.generate(request, { signal: calm() }));
    // The end mark of one answer may still be under way when the next request begins.
    expect(new Set(ollama.requests.map(({ clientPort }) => clientPort)).size).toBeLessThanOrEqual(2);
  });

  it('leaves the request object as it was', async () => {
    await using ollama = await startFakeOllama();
    const mine = { ...request, images: ['aGk='], options: { seed: 1 } };
    const before = structuredClone(mine);
    await collect(clientOf(ollama.url).generate(mine, { signal: calm() }));
    expect(mine).toEqual(before);
  });

  it('passes on fields that the package does not know, as they are', async () => {
    await using ollama = await startFakeOllama({
      models: [{ name: 'llama3.2', capabilities: ['completion', 'thinking'] }],
    });
    const sent = { ...request, truncate: false, think: 'max' as const, images: ['aGk='] };
    await collect(clientOf(ollama.url).generate(sent, { signal: calm() }));
    expect(ollama.requests[0]?.body).toEqual({ ...sent, stream: true });
  });

  it('sends the headers of its host', async () => {
    await using ollama = await startFakeOllama();
    await clientOf(ollama.url, { headers: { 'X-Team': 'blue' } }).list({ signal: calm() });
    expect(ollama.requests[0]?.headers['x-team']).toBe('blue');
  });

  it('leaves out blank lines in silence and other lines with a word to the caller', async () => {
    await using ollama = await startFakeOllama();
    ollama.reply('/api/generate', async (call) => {
      await call.send('a');
      await call.sendRaw('\n\r\n<garbage>\u001b[31m\n[1]\n');
      await call.send('b');
      await call.finish();
    });
    const dropped: string[] = [];
    const chunks = clientOf(ollama.url).generate(request, {
      signal: calm(),
      onDroppedLine: (line) => dropped.push(line),
    });
    expect([await collect(chunks), dropped]).toEqual(['ab', ['<garbage> [31m', '[1]']]);
  });
});

describe('a connection', () => {
  it('is closed when the loop is left early', async () => {
    await using ollama = await startFakeOllama();
    const reading = (async () => {
      for await (const chunk of clientOf(ollama.url).generate(request, { signal: calm() })) return chunk.response;
    })();
    const call = await ollama.nextCall();
    await call.send('first');
    expect([await reading, await call.closed]).toEqual(['first', 'client']);
  });

  it.each(['before', 'after'] as const)(
    'is closed by an abort %s the first byte, which keeps its reason',
    async (when) => {
      await using ollama = await startFakeOllama();
      const abort = new AbortController();
      const chunks = clientOf(ollama.url).generate(request, { signal: abort.signal })[Symbol.asyncIterator]();
      const first = chunks.next();
      const call = await ollama.nextCall();
      if (when === 'after') {
        await call.send('x');
        await first;
      }
      const reason = new Error('enough');
      abort.abort(reason);
      await expect(when === 'after' ? chunks.next() : first).rejects.toBe(reason);
      expect(await call.closed).toBe('client');
    },
  );

  it('is closed by the abort of an embed', async () => {
    await using ollama = await startFakeOllama();
    const abort = new AbortController();
    const answer = clientOf(ollama.url).embed({ model: 'llama3.2', input: 'x' }, { signal: abort.signal });
    const call = await ollama.nextCall('/api/embed');
    abort.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
    expect(await call.closed).toBe('client');
  });
});

describe('many requests under one signal', () => {
  it('make Node print no warning', async () => {
    await using ollama = await startFakeOllama();
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const [client, signal] = [clientOf(ollama.url), calm()];
    await Promise.all(Array.from({ length: 30 }, () => all(client.generate(request, { signal }))));
    expect(warnings).toEqual([]);
  });
});

describe('a failure', () => {
  const scripted = async (script: Parameters<FakeOllama['reply']>[1]) => {
    await using ollama = await startFakeOllama();
    ollama.reply('/api/generate', script);
    const { code, host } = await problemOf(generate(ollama.url));
    expect(host).toBe(ollama.url);
    return code;
  };

  it('is an error line after some text', async () => {
    const code = await scripted(async (call) => {
      await call.send('x');
      await call.errorLine('an error was encountered while running the model: unexpected EOF');
    });
    expect(code).toBe('model-failed');
  });

  it('is an end without the closing line', async () => {
    const code = await scripted(async (call) => {
      await call.send('x');
      await call.endWithoutDone();
    });
    expect(code).toBe('stream-incomplete');
  });

  it.each([true, false])('is a reset (with text before it: %s)', async (hasText) => {
    const code = await scripted(async (call) => {
      if (hasText) await call.send('x');
      await call.hangUp();
    });
    expect(code).toBe('stream-broken');
  });

  it('is a pull without success', async () => {
    await using ollama = await startFakeOllama();
    ollama.reply('/api/pull', async (call) => {
      await call.sendLine({ status: 'pulling manifest' });
      await call.endWithoutDone();
    });
    const pull = all(clientOf(ollama.url).pull('mistral', { signal: calm() }));
    expect((await problemOf(pull)).code).toBe('stream-incomplete');
  });

  it('is silence in mid-answer', async () => {
    await using ollama = await startFakeOllama();
    ollama.reply('/api/generate', (call) => call.send('x'));
    const answer = collect(clientOf(ollama.url, { gapTimeoutMs: 20 }).generate(request, { signal: calm() }));
    expect(await problemOf(answer)).toMatchObject({
      code: 'stalled',
      message: `nothing came from ${ollama.url} for 0.02 s in mid-answer`,
    });
    await ollama.until(({ requests }) => requests[0]?.outcome === 'client-closed');
  });

  it('is a line over the limit', async () => {
    await using ollama = await startFakeOllama();
    ollama.reply('/api/generate', (call) => call.sendRaw('x'.repeat(2_000_000)));
    const answer = collect(clientOf(ollama.url, { maxLineBytes: 1 << 20 }).generate(request, { signal: calm() }));
    expect(await problemOf(answer)).toMatchObject({ code: 'output-too-large' });
  });

  it('is a server that is not there, with what to type', async () => {
    const ollama = await startFakeOllama();
    await ollama.close();
    expect(await problemOf(generate(ollama.url))).toMatchObject({
      code: 'host-unreachable',
      message: `no Ollama server answers at ${ollama.url}: connection refused`,
      hint: expect.stringContaining('ollama serve') as string,
    });
  });

  it('is a host that does not exist', async () => {
    expect((await problemOf(generate('http://nowhere.invalid'))).code).toBe('host-unreachable');
  });

  it('is a server that takes the connection and never answers a survey', async () => {
    const url = await serve(() => undefined);
    const answer = clientOf(url, { surveyTimeoutMs: 20 }).version({ signal: calm() });
    expect(await problemOf(answer)).toMatchObject({ code: 'host-unreachable' });
  });

  it.each([
    ['an HTML page', 'text/html', '<html><body>login</body></html>'],
    ['text', 'text/plain', 'hello\nworld'],
    ['other JSON', 'application/json', '{"status":"ok"}'],
  ])('is a server that is no Ollama: %s', async (_, type, body) => {
    const url = await serve((_request, response) => response.setHeader('content-type', type).end(body));
    expect((await problemOf(clientOf(url).version({ signal: calm() }))).code).toBe('host-not-ollama');
    if (type !== 'application/json') expect((await problemOf(generate(url))).code).toBe('host-not-ollama');
  });

  it('is a body of JSON that was cut', async () => {
    const url = await serve((_request, response) => response.end('{"embeddings":[[0.1,'));
    const answer = clientOf(url).embed({ model: 'm', input: 'x' }, { signal: calm() });
    expect((await problemOf(answer)).code).toBe('stream-incomplete');
  });

  it('is something that speaks no HTTP', async () => {
    const { createServer: createSocketServer } = await import('node:net');
    const server = createSocketServer((socket) =>
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await problemOf(generate(url))).code).toBe('host-not-ollama');
  });

  it('never shows a secret that the server sends back', async () => {
    const url = await serve(({ headers }, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: `bad header ${headers.authorization}\u0007` }));
    });
    const answer = clientOf(url, { headers: { Authorization: 'Bearer s3cret' } }).list({ signal: calm() });
    expect(await problemOf(answer)).toMatchObject({ message: `${url} says bad header ***` });
  });
});

describe('a survey', () => {
  it('lists models, what is loaded, one model, and the version', async () => {
    await using ollama = await startFakeOllama();
    const client = clientOf(ollama.url);
    const signal = calm();
    await collect(client.generate(request, { signal }));
    expect(await client.version({ signal })).toBe('0.24.0');
    expect(await client.list({ signal })).toMatchObject([{ name: 'llama3.2:latest' }]);
    expect(await client.loaded({ signal })).toMatchObject([{ name: 'llama3.2:latest', context_length: 4096 }]);
    expect((await client.show('llama3.2', { signal })).model_info).toMatchObject({ 'llama.context_length': 131_072 });
  });
});
