import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { journalPath } from '../../src/journal/database.ts';
import { dataDirectory } from '../../src/settings/directories.ts';
import { api, serverRig } from './server-rig.ts';

test('a body larger than the limit is refused, whatever is said of its length', async () => {
  const { ask, send } = serverRig({ limits: { bodyBytes: 1000 } });
  const { status, body } = await ask('POST', `${api}/agents`, { name: 'x'.repeat(1000), models: ['m'] });
  expect({ status, code: body.problem.code }).toEqual({ status: 413, code: 'input-too-large' });
  const headers = { 'content-length': '1' };
  expect((await send('POST', `${api}/agents`, ' '.repeat(1001), { headers })).status).toBe(413);
});

test.each([
  ['PATCH', `${api}/tasks`, 'POST'],
  ['DELETE', `${api}/agents`, 'POST, GET'],
  ['POST', `${api}/agents/x`, 'GET, PUT, PATCH, DELETE'],
])('%s %s is answered with the methods there are', async (method, path, allow) => {
  const { ask } = serverRig();
  const { status, headers, body } = await ask(method, path, {});
  expect({ status, allow: headers.get('allow'), code: body.problem.code }).toEqual({
    status: 405,
    allow,
    code: 'method-refused',
  });
});

test.each([api, `${api}/`, `${api}/nothing`, `${api}/agents/x/y`, '/nothing', '/healthz/x'])(
  'there is nothing at %s, and it is not passed on',
  async (path) => {
    const { ask } = serverRig({ fake: { url: 'http://127.0.0.1:1' } });
    const { status, body } = await ask('GET', path);
    expect({ status, code: body.problem.code }).toEqual({ status: 404, code: 'path-unknown' });
  },
);

test('a journal that cannot be read keeps no server from answering, and is told of', async () => {
  const { app, host, send } = serverRig();
  const path = journalPath(dataDirectory(host));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'this is no database, and was never one');
  const resumed = [];
  for await (const each of app.resumeDetached()) resumed.push(each);
  expect(resumed).toMatchObject([{ problem: { code: 'storage-failed' } }]);
  expect((await send('GET', '/healthz')).status).toBe(200);
});

test('hints that are for the command line are left out', async () => {
  const { ask } = serverRig();
  const { body } = await ask('GET', `${api}/agents/nope`);
  expect(body.problem).toEqual({ code: 'agent-unknown', message: body.error });
});

test('what is a fault of ours is told to whoever runs the server, and to clients only as such', async () => {
  const { ask, orchestrator, host } = serverRig();
  Object.assign(orchestrator.agents, { list: () => Promise.reject(new Error('secret path')) });
  const { status, body } = await ask('GET', `${api}/agents`);
  expect({ status, error: body.error }).toEqual({ status: 500, error: 'this is a fault of ollama-orchestrate' });
  expect(host.stderr).toContain('secret path');
});

test.each([
  ['nobody answers', 502, {}, { type: 'api_error', code: 'host-unreachable' }],
  ['a token is missing', 401, { token: 'secret' }, { type: 'invalid_request_error', code: 'token-refused' }],
])('below /v1 errors are what clients of OpenAI and Anthropic read: %s', async (_what, status, settings, error) => {
  const { ask } = serverRig({ settings: { upstream: [{ url: 'http://127.0.0.1:1', headers: {} }], ...settings } });
  const { body, ...answer } = await ask('POST', '/v1/chat/completions', { model: 'llama3.2', messages: [] });
  expect(answer.status).toBe(status);
  expect(body).toEqual({
    type: 'error',
    error: { ...error, message: body.problem.message, param: null },
    problem: expect.objectContaining({ code: error.code }) as unknown,
  });
});
