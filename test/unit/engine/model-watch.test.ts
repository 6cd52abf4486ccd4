import { describe, expect, it, test } from 'vitest';
import { loadOptionsOf } from '../../../src/engine/load-options.ts';
import { createOrchestrator } from '../../../src/index.ts';
import { all, calm, clientOf } from '../../rig/fake-ollama-client.ts';
import { startFakeOllama, type FakeOllama, type FakeOllamaOptions } from '../../rig/fake-ollama.ts';
import { startSimulatedServer } from '../../rig/simulated-server.ts';
import { testHost } from '../../rig/test-host.ts';

const prompt = { type: 'generate', input: 'hi' };

async function loadsOf(
  tasks: readonly { options?: Record<string, unknown>; input?: string; on_truncate?: 'warn' }[],
  { prepare, ...options }: FakeOllamaOptions & { prepare?: (fake: FakeOllama) => Promise<unknown> } = {},
) {
  await using fake = await startFakeOllama(options);
  await prepare?.(fake);
  const before = fake.totalLoads;
  const orchestrator = createOrchestrator({ host: testHost({ env: { OLLAMA_HOST: fake.url } }) });
  const run = await orchestrator.runTasks({
    agent: { name: 'inline', models: ['llama3.2'] },
    tasks: tasks.map((task) => ({ ...prompt, ...task })),
  });
  return {
    told: run.totals.model_loads,
    made: fake.totalLoads - before,
    warnings: run.tasks?.flatMap(({ warnings = [] }) => warnings.map(({ code }) => code)),
  };
}

const loadWith = (options?: Record<string, unknown>) => (fake: FakeOllama) =>
  all(clientOf(fake.url).generate({ model: 'llama3.2', prompt: 'x', options }, { signal: calm() }));

const alternating = (...options: (Record<string, unknown> | undefined)[]) =>
  Array.from({ length: 8 }, (_, index) => {
    const chosen = options[index % options.length];
    return chosen ? { options: chosen } : {};
  });

describe('tasks that want one model with different contexts', () => {
  it.each([
    ['each its own', [{ num_ctx: 2048 }, { num_ctx: 8192 }]],
    ['one of them the default', [undefined, { num_ctx: 8192 }]],
  ])('cost one load for each context: %s', async (_, options) => {
    expect(await loadsOf(alternating(...options))).toMatchObject({ told: 2, made: 2 });
  });

  it('share a load when only their sampling differs', async () => {
    expect(await loadsOf(alternating({ seed: 1 }, { temperature: 0 }))).toMatchObject({ told: 1, made: 1 });
  });
});

describe('a model that others have loaded', () => {
  it('is loaded anew for another context, and counted', async () => {
    expect(await loadsOf([{}, {}], { prepare: loadWith({ num_ctx: 2048 }) })).toMatchObject({ told: 1, made: 1 });
  });

  it('is used as it is where the context fits', async () => {
    expect(await loadsOf([{}, {}], { prepare: loadWith() })).toMatchObject({ told: 0, made: 0 });
  });

  it('has no prompt called cut that fits the context it then gets', async () => {
    const input = 'word '.repeat(2500);
    const { warnings } = await loadsOf([{ input }], { prepare: loadWith({ num_ctx: 2048 }) });
    expect(warnings).toEqual([]);
  });
});

test('a prompt is called cut when the server gave less context than was asked for', async () => {
  const models = [{ name: 'llama3.2', context_length: 1024 }];
  const task = { input: 'word '.repeat(2500), options: { num_ctx: 100_000 }, on_truncate: 'warn' } as const;
  expect((await loadsOf([task], { models })).warnings).toEqual(['prompt-cut']);
});

test.each([
  [undefined, ''],
  [{ seed: 1, temperature: 0 }, ''],
  [{ num_gpu: 0, num_ctx: 4096, seed: 1 }, 'num_ctx=4096 num_gpu=0'],
  [{ num_ctx: null }, ''],
])('of %j the part that decides how a model is loaded is "%s"', (options, key) => {
  expect(loadOptionsOf(options).key).toBe(key);
});

const asksOf = ({ requests }: FakeOllama): number => requests.filter(({ path }) => path === '/api/ps').length;

/** How often a server is asked while three turns follow one another, each look at the clock so many milliseconds after the last. */
async function asksInThreeTurns(ms: number): Promise<number> {
  await using fake = await startFakeOllama({ models: ['a', 'b'] });
  const host = testHost({ env: { OLLAMA_HOST: fake.url } });
  let time = 0;
  const clock = { ...host.clock, now: () => (time += ms) };
  await createOrchestrator({ host: { ...host, clock } }).runTasks({
    agent: { name: 'inline', models: ['a', 'b'], config: { timeout_seconds: 3600 } },
    tasks: ['a', 'b', 'a'].map((model_name) => ({ ...prompt, model_name })),
    sequential: true,
  });
  return asksOf(fake);
}

test('a server that has just told what it holds is asked again only while the first answer of a turn comes in', async () => {
  expect(await asksInThreeTurns(0)).toBe(1 + 3);
});

test('a server is asked before a turn, too, when its last word is old', async () => {
  expect(await asksInThreeTurns(2_000)).toBe(1 + 2 * 3);
});

test('a server is asked while it answers, so that the end of the answer waits for nothing', async () => {
  await using fake = await startFakeOllama();
  const orchestrator = createOrchestrator({ host: testHost({ env: { OLLAMA_HOST: fake.url } }) });
  const running = orchestrator.runTasks({ agent: { name: 'inline', models: ['llama3.2'] }, tasks: [prompt] });
  const call = await fake.nextCall();
  const asked = asksOf(fake);
  await call.send('Hel');
  await fake.until(() => asksOf(fake) === asked + 1);
  await call.finish();
  expect((await running).totals.model_loads).toBe(1);
});

test('a model that is driven out after its request was sent is counted when it is loaded again', async () => {
  const models = ['a', 'b', 'c'].map((name) => ({ name, sizeBytes: 1e9, loadMs: 600, tokensPerSecond: 1_000 }));
  await using server = await startSimulatedServer({ models, settings: { maxLoaded: 2 }, timeScale: 1 });
  const { scheduler } = server.simulation.server;
  for (const name of ['b', 'c']) scheduler.place(server.simulation.models.find(name)!);
  const run = await createOrchestrator({ host: testHost({ env: { OLLAMA_HOST: server.url } }) }).runTasks({
    agent: { name: 'inline', models: ['a', 'b'] },
    // The load of a drives out b, which was there when it was asked.
    tasks: [
      { ...prompt, model_name: 'a', priority: 1 },
      { ...prompt, model_name: 'b' },
    ],
  });
  expect(run.totals.model_loads).toBe(scheduler.totalLoads);
});
