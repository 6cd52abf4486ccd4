import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { documentOf, runTasks } from './run-cli.ts';

const prompts = (count: number): string[] => Array.from({ length: count }, (_, index) => `generate:p${index + 1}`);

test('with fifty tasks the server never sees more open than the agent allows', async () => {
  await using fake = await startFakeOllama({ models: ['a', 'b', 'c'], pieceMs: 1 });
  const tasks = Array.from({ length: 50 }, (_, index) =>
    JSON.stringify({ type: 'generate', input: `p${index}`, model: ['a', 'b', 'c'][index % 3] }),
  );
  const agent = { models: ['a', 'b', 'c'], config: { max_concurrent_tasks: 3 } };
  for (const model of ['a', 'b', 'c'])
    await fetch(`${fake.url}/api/generate`, { method: 'POST', body: JSON.stringify({ model }) });
  const result = await runTasks([], ['--tasks-file', '-', '--quiet'], { fake, agent, stdin: tasks.join('\n') });
  expect(result.exit).toBe(0);
  expect(fake.prompts).toHaveLength(50);
  expect(fake.maxOpen).toBe(3);
});

test('two requests are open per model at first, whatever --concurrency says', async () => {
  await using fake = await startFakeOllama({ pieceMs: 1 });
  await runTasks(prompts(5), ['--concurrency', '8', '--quiet'], { fake });
  expect(fake.maxOpenByModel).toEqual({ 'llama3.2:latest': 2 });
});

test('--concurrency 1 has one request open at a time', async () => {
  await using fake = await startFakeOllama();
  await runTasks(prompts(5), ['--concurrency', '1', '--quiet'], { fake });
  expect(fake.maxOpen).toBe(1);
});

test('twenty tasks that alternate between two models cost a server with room for one two loads', async () => {
  await using fake = await startFakeOllama({ models: ['a', 'b'], room: 1 });
  const tasks = Array.from({ length: 20 }, (_, index) =>
    JSON.stringify({ type: 'generate', input: `p${index}`, model: index % 2 === 0 ? 'a' : 'b' }),
  );
  const result = await runTasks([], ['--tasks-file', '-', '--json'], { fake, stdin: tasks.join('\n') });
  expect(fake.totalLoads).toBe(2);
  expect(documentOf(result).totals).toMatchObject({ completed: 20, model_loads: 2 });
});

test('--keepalive is sent once, on its own, before the first prompt', async () => {
  await using fake = await startFakeOllama();
  await runTasks(prompts(4), ['--keepalive', '10m', '--option', 'num_ctx=8192', '--quiet'], { fake });
  const withKeepAlive = fake.requests.filter(({ body }) => body.keep_alive !== undefined);
  expect(withKeepAlive.map(({ body }) => body)).toMatchObject([{ prompt: '', keep_alive: '10m' }]);
  expect(fake.requests.filter(({ path }) => path === '/api/generate')[0]).toBe(withKeepAlive[0]);
  expect(fake.totalLoads).toBe(1);
});

test('--keepalive 0 unloads the model after the last prompt', async () => {
  await using fake = await startFakeOllama();
  await runTasks(prompts(3), ['--keepalive', '0', '--quiet'], { fake });
  const sent = fake.requests.filter(({ path }) => path === '/api/generate').map(({ body }) => body.keep_alive);
  expect(sent).toEqual([undefined, undefined, undefined, 0]);
  expect(fake.loaded).toEqual([]);
});

test('without --keepalive none is sent', async () => {
  await using fake = await startFakeOllama();
  await runTasks(prompts(2), ['--quiet'], { fake });
  expect(fake.requests.filter(({ body }) => 'keep_alive' in body)).toEqual([]);
});

test('the limits of an agent hold where no flag says otherwise', async () => {
  await using fake = await startFakeOllama({ silent: true });
  const agent = { config: { timeout_seconds: 0.2, retries: 0 } };
  const result = await runTasks(['generate:x'], ['--json'], { fake, agent });
  expect(result.exit).toBe(5);
  await fake.until(({ open }) => open === 0);
});
