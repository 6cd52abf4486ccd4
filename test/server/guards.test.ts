import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { api, serverRig, type ServerOptions } from './server-rig.ts';

/** A request as it would come in under this address. */
async function statusOf(url: string, init: RequestInit = {}, options: ServerOptions = {}): Promise<number> {
  const { app } = serverRig(options);
  return (await app.fetch(new Request(url, init))).status;
}

const agents = `http://127.0.0.1:11435${api}/agents`;

test.each(['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1', 'http://x.localhost'])(
  'a request for %s is one for this machine',
  async (origin) => {
    expect(await statusOf(`${origin}${api}/agents`)).toBe(200);
  },
);

test.each(['http://evil.example', 'http://127.0.0.1.evil.example', 'http://localhost.evil.example', 'http://10.0.0.1'])(
  'a name that only points here is refused: %s',
  async (origin) => {
    expect(await statusOf(`${origin}:11435${api}/agents`)).toBe(403);
  },
);

test('elsewhere than on loopback any name may be right, with a token', async () => {
  const settings = { address: '0.0.0.0', token: 'secret' };
  const headers = { authorization: 'Bearer secret' };
  expect(await statusOf(`http://my-server:1${api}/agents`, { headers }, { settings })).toBe(200);
  expect(await statusOf(`http://my-server:1${api}/agents`, {}, { settings })).toBe(401);
});

test.each([
  [{ origin: 'http://127.0.0.1:11435' }, 200],
  [{ origin: 'http://evil.example' }, 403],
  [{ origin: 'http://127.0.0.1:3000' }, 403],
  [{ origin: 'null' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-origin' }, 200],
  [{}, 200],
])('a page is answered when it is of our own origin: %o', async (headers, status) => {
  expect(await statusOf(agents, { headers: headers as Record<string, string> })).toBe(status);
});

test.each([
  [{ origin: 'http://127.0.0.1:11435', 'content-type': 'text/plain' }, 415],
  [{ 'sec-fetch-site': 'none' }, 415],
  [{ 'sec-fetch-site': 'same-origin', 'content-type': 'application/jsonp' }, 415],
  [{ 'sec-fetch-site': 'same-origin', 'content-type': 'Application/JSON; charset=utf-8' }, 201],
  [{ 'content-type': 'application/x-www-form-urlencoded' }, 201],
])('pages have to declare JSON, programs need not: %o', async (headers, status) => {
  const body = JSON.stringify({ name: 'a', models: ['m'] });
  expect(await statusOf(agents, { method: 'POST', body, headers: headers as Record<string, string> })).toBe(status);
});

test.each([
  [{}, 401],
  [{ authorization: 'Bearer secre' }, 401],
  [{ authorization: 'Basic secret' }, 401],
  [{ authorization: 'bearer secret' }, 200],
  [{ 'x-ollama-orchestrate-token': 'secret', authorization: 'Bearer theirs' }, 200],
])('where there is a token it has to be shown: %o', async (headers, status) => {
  const init = { headers: headers as Record<string, string> };
  expect(await statusOf(agents, init, { settings: { token: 'secret' } })).toBe(status);
});

test('a request that is turned away reaches no Ollama server', async () => {
  await using fake = await startFakeOllama();
  const { send } = serverRig({ fake, settings: { token: 'secret' } });
  expect((await send('GET', '/api/tags')).status).toBe(401);
  expect((await send('GET', '/api/tags', undefined, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  expect(fake.requests).toEqual([]);
});

test('whether the server works is told without a token', async () => {
  const { ask } = serverRig({ settings: { token: 'secret' } });
  expect((await ask('GET', '/healthz')).body).toMatchObject({ status: 'ok' });
});
