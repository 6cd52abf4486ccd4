import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toProblem } from '../../../src/errors/problem.ts';
import type { OllamaClient } from '../../../src/ollama/client.ts';
import { surveyFleet } from '../../../src/ollama/survey-fleet.ts';
import { all, calm, clientOf } from '../../rig/fake-ollama-client.ts';

/** A server that keeps to nothing. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const problemOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => toProblem(error),
  );

const generate = (client: OllamaClient) => all(client.generate({ model: 'm', prompt: 'x' }, { signal: calm() }));

/** A clock on which every time is short. */
function soon(act: () => void): () => void {
  const timer = setTimeout(act, 50);
  return () => clearTimeout(timer);
}

describe('an answer', () => {
  it.each([
    ['"done" is a text', '{"response":"a","done":"false"}\n{"response":"b","done":false}\n'],
    ['it has a status', '{"response":"a","status":"success"}\n{"response":"b","done":false}\n'],
  ])('is incomplete when %s and it then ends', async (_, body) => {
    const url = await serve((_request, response) => response.end(body));
    expect(await problemOf(generate(clientOf(url)))).toMatchObject({ code: 'stream-incomplete' });
  });

  it('that is no stream may be an error in spite of its status', async () => {
    const url = await serve((_request, response) => response.end('{"error":"model runner has unexpectedly stopped"}'));
    const answer = clientOf(url).embed({ model: 'm', input: 'x' }, { signal: calm() });
    expect(await problemOf(answer)).toMatchObject({ code: 'model-failed' });
  });
});

describe('a refusal', () => {
  it('is told by its status however long its text is', async () => {
    const url = await serve((_request, response) => response.writeHead(502).end(`<html>${'x'.repeat(300_000)}`));
    expect(await problemOf(generate(clientOf(url)))).toMatchObject({
      code: 'server-error',
      message: `${url} says an HTML page`,
    });
  });

  it('is told by its status when its text never ends', async () => {
    const url = await serve((_request, response) => response.writeHead(503).write('{"error":"server bu'));
    const clock = { now: () => performance.now(), after: (_ms: number, act: () => void) => soon(act) };
    expect(await problemOf(generate(clientOf(url, { clock })))).toMatchObject({ code: 'server-busy' });
  });

  it('whose text is nested too deeply is told all the same', async () => {
    const body = `{"error":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const url = await serve((_request, response) => response.writeHead(500).end(body));
    expect(await problemOf(generate(clientOf(url)))).toMatchObject({ code: 'server-error' });
  });

  it('never shows the password that Basic credentials encode', async () => {
    const url = await serve(({ headers: { authorization = '' } }, response) => {
      const sent = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
      response.writeHead(400).end(JSON.stringify({ error: `bad: ${sent}, ${sent.split(':')[1]}` }));
    });
    const client = clientOf(url.replace('//', '//user:s3cret@'));
    expect(await problemOf(generate(client))).toMatchObject({ message: `${url} says bad: ***, ***` });
  });
});

describe('a survey', () => {
  it('ends when its answer comes byte by byte without end', async () => {
    const timers: NodeJS.Timeout[] = [];
    onTestFinished(() => timers.forEach((timer) => clearInterval(timer)));
    const url = await serve((_request, response) => {
      response.writeHead(200);
      timers.push(setInterval(() => response.write(' '), 1));
    });
    const answer = clientOf(url, { surveyTimeoutMs: 100 }).list({ signal: calm() });
    expect(await problemOf(answer)).toMatchObject({ code: 'host-unreachable' });
  });

  it.each(['/api/version', '/api/ps', '/api/show'])('needs no answer from %s', async (broken) => {
    const url = await serve(({ url: path }, response) => {
      if (path === broken) response.writeHead(500).end('{"error":"broken"}');
      else response.end('{"version":"0.24.0","models":[{"name":"m:latest"}]}');
    });
    const { hosts } = await surveyFleet({ clients: [clientOf(url)], wanted: ['m'], signal: calm() });
    expect(hosts[0]?.problem).toBeUndefined();
    expect(hosts[0]?.models).toMatchObject([{ name: 'm:latest' }]);
  });
});
