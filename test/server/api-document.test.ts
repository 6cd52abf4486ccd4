import { readFileSync } from 'node:fs';
import createClient from 'openapi-fetch';
import { expect, test } from 'vitest';
import { routes } from '../../src/server/routes/index.ts';
import type { paths } from '../fixtures/api.ts';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { api, serverRig, withTester } from './server-rig.ts';

interface Operation {
  operationId: string;
  summary: string;
  requestBody?: { content: Record<string, { example?: unknown }> };
}

const text = readFileSync(new URL('../../schema/openapi.json', import.meta.url), 'utf8');
const document = JSON.parse(text) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

test('every route is described', () => {
  const described = operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
  expect(described.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
  expect(operations.filter(({ summary }) => summary === '')).toEqual([]);
});

test('every reference leads somewhere, and every schema is referred to', () => {
  const referred = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name));
  expect([...referred].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
});

test('the description is served as it is checked in, to everybody', async () => {
  const { send } = serverRig({ settings: { token: 'a-secret-token' } });
  const response = await send('GET', `${api}/openapi.json`);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(text);
});

const withExamples = operations.filter(({ requestBody }) => requestBody?.content['application/json']?.example);

test.each(withExamples)('the example of $operationId is answered', async ({ path, method, requestBody }) => {
  await using fake = await startFakeOllama({ models: ['llama3.2', 'mistral'] });
  const { ask, orchestrator } = await withTester(serverRig({ fake }));
  const example = requestBody?.content['application/json']?.example as { agent_id?: string };
  if (example.agent_id !== undefined)
    await orchestrator.agents.create({ name: example.agent_id, models: ['llama3.2'] });
  const { status, body } = await ask(method, path.replace('{id}', 'tester'), example);
  expect(status).toBeLessThan(300);
  if ('run_type' in body) expect(body.status).toBe('completed');
});

test('a client that is made from the description works, and knows what it gets', async () => {
  await using fake = await startFakeOllama();
  const { app } = serverRig({ fake });
  const client = createClient<paths, 'application/json'>({
    baseUrl: 'http://127.0.0.1:11435',
    fetch: (request) => app.fetch(request),
  });
  const made = await client.POST('/api/orchestration/agents', { body: { name: 'helper', models: ['llama3.2'] } });
  expect(made.data?.models).toEqual(['llama3.2']);
  const run = await client.POST('/api/orchestration/tasks', {
    body: { agent_id: 'helper', tasks: [{ type: 'generate', input: 'Say hello' }] },
  });
  const tasks = run.data && 'tasks' in run.data ? run.data.tasks : undefined;
  expect(tasks?.map(({ status }) => status)).toEqual(['completed']);
  const listed = await client.GET('/api/orchestration/runs', { params: { query: { limit: 1 } } });
  expect(listed.data?.runs.map(({ id }) => id)).toEqual([run.data?.id]);
  const params = { path: { id: 'nobody' } };
  const { error, response } = await client.GET('/api/orchestration/agents/{id}', { params });
  expect({ status: response.status, code: error?.problem.code }).toEqual({ status: 404, code: 'agent-unknown' });
  expect(
    (await client.DELETE('/api/orchestration/agents/{id}', { params: { path: { id: 'helper' } } })).response.status,
  ).toBe(204);
});
