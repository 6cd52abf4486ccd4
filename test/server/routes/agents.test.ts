import { expect, test } from 'vitest';
import { api, serverRig } from '../server-rig.ts';

const reviewer = { name: 'reviewer', models: ['llama3.2', 'codellama'], config: { max_concurrent_tasks: 2 } };

test('a new agent is kept, and answered as the command line shows it', async () => {
  const { ask, orchestrator } = serverRig();
  const { status, body } = await ask('POST', `${api}/agents`, reviewer);
  expect({ status, body }).toMatchObject({ status: 201, body: { ...reviewer, description: '' } });
  expect(await orchestrator.agents.get('reviewer')).toEqual(body);
});

test('all that is wrong with an agent is told at once', async () => {
  const { ask } = serverRig();
  const { status, body } = await ask('POST', `${api}/agents`, { name: '', models: [], extra: 1 });
  expect(status).toBe(400);
  expect(body.problem.code).toBe('agent-invalid');
  expect(body.problems).toHaveLength(3);
  expect(body.error).toBe(body.problem.message);
});

test.each([
  ['no body', ''],
  ['half an object', '{"name":'],
  ['no object', '[]'],
  ['bytes that are no text', Buffer.from([0x7b, 0xff])],
])('%s is no agent', async (_what, text) => {
  const { send } = serverRig();
  const request = { body: text } as RequestInit;
  const response = await send('POST', `${api}/agents`, undefined, request);
  expect(response.status).toBe(400);
  expect(await response.json()).toHaveProperty('error');
});

test('a name that is taken is answered with 409, in whatever case it is written', async () => {
  const { ask } = serverRig();
  await ask('POST', `${api}/agents`, reviewer);
  const { status, body } = await ask('POST', `${api}/agents`, { ...reviewer, name: 'Reviewer' });
  expect({ status, code: body.problem.code, hint: body.problem.hint }).toEqual({ status: 409, code: 'agent-exists' });
});

test('agents are listed with the oldest first', async () => {
  const { ask } = serverRig();
  for (const name of ['b', 'a']) await ask('POST', `${api}/agents`, { ...reviewer, name });
  const { body } = await ask('GET', `${api}/agents`);
  expect(body.agents.map(({ name }) => name)).toEqual(['b', 'a']);
});

test.each(['reviewer', 'REVIEWER'])('an agent is found by its name: %s', async (name) => {
  const { ask } = serverRig();
  const { body: created } = await ask('POST', `${api}/agents`, reviewer);
  expect((await ask('GET', `${api}/agents/${name}`)).body).toEqual(created);
  expect((await ask('GET', `${api}/agents/${created.id}`)).body).toEqual(created);
});

test.each(['GET', 'PUT', 'PATCH', 'DELETE'])('%s of an unknown agent is answered with 404', async (method) => {
  const { ask } = serverRig();
  const body = ['PUT', 'PATCH'].includes(method) ? reviewer : undefined;
  const answer = await ask(method, `${api}/agents/nope`, body);
  expect({ status: answer.status, code: answer.body.problem.code }).toEqual({ status: 404, code: 'agent-unknown' });
});

test('PUT replaces all that was said, and keeps id and time of creation', async () => {
  const { ask } = serverRig();
  const { body: created } = await ask('POST', `${api}/agents`, reviewer);
  const { status, body } = await ask('PUT', `${api}/agents/reviewer`, { models: ['mistral'], description: 'new' });
  expect(status).toBe(200);
  const { id, created_at, name } = created;
  expect(body).toEqual({
    id,
    created_at,
    name,
    models: ['mistral'],
    description: 'new',
    config: {},
    updated_at: body.updated_at,
  });
});

test('PUT that is wrong changes nothing', async () => {
  const { ask } = serverRig();
  const { body: created } = await ask('POST', `${api}/agents`, reviewer);
  expect((await ask('PUT', `${api}/agents/reviewer`, { description: 'only this' })).status).toBe(400);
  expect((await ask('GET', `${api}/agents/reviewer`)).body).toEqual(created);
});

test('PUT may give an agent another name', async () => {
  const { ask } = serverRig();
  const { body: created } = await ask('POST', `${api}/agents`, reviewer);
  await ask('PUT', `${api}/agents/reviewer`, { ...reviewer, name: 'critic' });
  expect((await ask('GET', `${api}/agents/critic`)).body).toMatchObject({ id: created.id, name: 'critic' });
  expect((await ask('GET', `${api}/agents/reviewer`)).status).toBe(404);
});

test('PUT does not take the name of another agent', async () => {
  const { ask } = serverRig();
  for (const name of ['a', 'b']) await ask('POST', `${api}/agents`, { ...reviewer, name });
  expect((await ask('PUT', `${api}/agents/a`, { ...reviewer, name: 'b' })).status).toBe(409);
  expect((await ask('GET', `${api}/agents`)).body.agents).toHaveLength(2);
});

test('PATCH changes what it names', async () => {
  const { ask } = serverRig();
  const { body: created } = await ask('POST', `${api}/agents`, { ...reviewer, system: 'Be brief.' });
  const patch = { description: 'new', system: null, config: { retries: 1 } };
  const { body } = await ask('PATCH', `${api}/agents/reviewer`, patch);
  const { system: _, ...rest } = created;
  const config = { max_concurrent_tasks: 2, retries: 1 };
  expect(body).toEqual({ ...rest, description: 'new', config, updated_at: body.updated_at });
});

test('a deleted agent is gone', async () => {
  const { send, ask } = serverRig();
  await ask('POST', `${api}/agents`, reviewer);
  const response = await send('DELETE', `${api}/agents/reviewer`);
  expect({ status: response.status, text: await response.text() }).toEqual({ status: 204, text: '' });
  expect((await ask('DELETE', `${api}/agents/reviewer`)).status).toBe(404);
});

test('headers of servers are not shown', async () => {
  const { ask, orchestrator } = serverRig();
  const hosts = [{ url: 'http://gpu', headers: { Authorization: 'Bearer secret' } }];
  await orchestrator.agents.create({ ...reviewer, config: { hosts } });
  expect(JSON.stringify((await ask('GET', `${api}/agents`)).body)).not.toContain('secret');
});

test.each([
  ['a server nobody allowed', { config: { hosts: ['http://169.254.169.254'] } }],
  ['a variable of our environment', { config: { hosts: [{ url: 'http://gpu:11434', headers: { A: '$HOME' } }] } }],
  ['a model that is a file', { models: ['/etc/passwd.gguf'] }],
])('an agent may not name %s', async (_what, more) => {
  const { ask, orchestrator } = serverRig({ settings: { allowedHosts: ['gpu'] } });
  const { status, body } = await ask('POST', `${api}/agents`, { ...reviewer, ...more });
  expect({ status, code: body.problem.code }).toEqual({ status: 400, code: 'agent-invalid' });
  expect((await orchestrator.agents.list()).agents).toEqual([]);
});

test('an agent may name a server that is allowed', async () => {
  const { ask } = serverRig({ settings: { allowedHosts: ['gpu'] } });
  const config = { hosts: ['http://gpu:11434/'] };
  expect((await ask('POST', `${api}/agents`, { ...reviewer, config })).status).toBe(201);
});
