import { request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { listenOnLoopback } from '../../../src/builtin/listen.ts';
import { createDeferred } from '../../../src/lib/deferred.ts';

async function listen(handler: (request: Request) => Promise<Response>): Promise<string> {
  const listening = await listenOnLoopback(handler, 'secret');
  onTestFinished(() => listening.close());
  return `http://127.0.0.1:${listening.port}`;
}

const headers = { authorization: 'Bearer secret' };

it.each<Record<string, string>>([{}, { authorization: 'Bearer wrong' }, { authorization: 'secret' }])(
  'answers nobody who does not know the token: %j',
  async (given) => {
    const url = await listen(() => Promise.resolve(new Response('private')));
    const response = await fetch(`${url}/api/tags`, { headers: given });
    expect([response.status, await response.json()]).toEqual([401, { error: 'unauthorized' }]);
  },
);

it('hands on path, method and body, and sends back status, type and text', async () => {
  const url = await listen(async (asked) => {
    const seen = `${asked.method} ${new URL(asked.url).pathname} ${await asked.text()}`;
    return new Response(seen, { status: 201, headers: { 'content-type': 'text/plain' } });
  });
  const response = await fetch(`${url}/api/show`, { method: 'POST', body: 'größe', headers });
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    201,
    'text/plain',
    'POST /api/show größe',
  ]);
});

it('aborts the request of a client that hangs up before the answer', async () => {
  const [asked, aborted] = [createDeferred<undefined>(), createDeferred<undefined>()];
  const url = await listen(
    ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.resolve(undefined);
          reject(signal.reason as Error);
        });
        asked.resolve(undefined);
      }),
  );
  const client = request(url, { headers }).on('error', () => undefined);
  client.end();
  await asked.promise;
  client.destroy();
  await expect(aborted.promise).resolves.toBeUndefined();
});

it('cancels the body of an answer that nobody reads any more', async () => {
  const cancelled = createDeferred<undefined>();
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('line\n')),
    cancel: () => cancelled.resolve(undefined),
  });
  const url = await listen(() => Promise.resolve(new Response(body)));
  const client = request(url, { headers }, (response) => response.once('data', () => client.destroy()));
  client.on('error', () => undefined).end();
  await expect(cancelled.promise).resolves.toBeUndefined();
});
