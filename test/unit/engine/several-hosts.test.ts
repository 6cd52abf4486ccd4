import { expect, test } from 'vitest';
import { planOf, runEnd, statuses } from './engine-rig.ts';
import { runVirtually, type VirtualRunDraft, type VirtualServerDraft } from './virtual-ollama.ts';

const urls = ['http://gpu1', 'http://gpu2', 'http://gpu3', 'http://gpu4'];

/** So many tasks for these models in turn, on so many of the servers. */
function flat(count: number, models: string[], hosts: string[]) {
  const tasks = Array.from({ length: count }, (_, index) => ({
    name: `t${index}`,
    models: [models[index % models.length]!],
    hosts,
  }));
  return planOf(tasks, { maxConcurrent: 64 });
}

const m = { m: { loadMs: 5_000, answerMs: 1_000 } };

function run(
  count: number,
  servers: VirtualServerDraft[],
  more: Partial<VirtualRunDraft> & { models?: string[] } = {},
) {
  const hosts = urls.slice(0, servers.length);
  const { models = ['m'], ...draft } = more;
  const entries = servers.map((server, index) => [urls[index]!, server] as const);
  return runVirtually(flat(count, models, hosts), {
    servers: Object.fromEntries<VirtualServerDraft>(entries),
    ...draft,
  });
}

test.each([
  [2, 1.9],
  [4, 3.7],
])('%i equal servers are at least %f times as fast as one with a flat list', async (count, least) => {
  const one = await run(400, [{ models: m }]);
  const several = await run(
    400,
    Array.from({ length: count }, (): VirtualServerDraft => ({ models: m })),
  );
  expect(one.ms / several.ms).toBeGreaterThanOrEqual(least);
  expect(several.servers.map(({ loads }) => loads)).toEqual(Array.from({ length: count }, () => 1));
});

test('servers of different speed end together', async () => {
  const speeds = [250, 500, 1_000, 2_000];
  const { ms } = await run(
    400,
    speeds.map((answerMs) => ({ models: { m: { loadMs: 1_000, answerMs } } })),
  );
  const perfectMs = 1_000 + 400 / speeds.reduce((rate, answerMs) => rate + 1 / answerMs, 0);
  expect(ms).toBeLessThan(perfectMs * 1.05);
});

test('each of two models gets a server of its own, and is loaded once', async () => {
  const models = { a: {}, b: {} };
  const { servers } = await run(40, [{ models }, { models }], { models: ['a', 'b'] });
  expect(servers.map(({ loads }) => loads)).toEqual([1, 1]);
  expect(servers.map(({ prompts }) => new Set(prompts).size)).toEqual([1, 1]);
});

test('a model is not loaded a second time when its tasks are done before that', async () => {
  const models = { m: { loadMs: 30_000, answerMs: 1_000 } };
  const measured = new Map([[`${urls[0]!}\nm:latest`, { loadMs: 30_000, answerMs: 1_000 }]]);
  const { servers } = await run(3, [{ models }, { models }], { speeds: { measured } });
  expect(servers.map(({ loads }) => loads).sort()).toEqual([0, 1]);
});

test('slots of a server are never exceeded', async () => {
  const servers = { [urls[0]!]: { models: m, parallel: 4 }, [urls[1]!]: { models: m, parallel: 4 } };
  const plan = { ...flat(100, ['m'], urls.slice(0, 2)) };
  const limited = { ...plan, limits: { ...plan.limits, perHost: { [urls[1]!]: 1 } } };
  const run = await runVirtually(limited, { servers });
  expect(run.servers[1]?.mostOpen).toBe(1);
  expect(run.servers[0]?.mostOpen).toBeGreaterThan(3);
});

test('a server that is killed in mid-run costs no task where another one has the model', async () => {
  const draft = { models: m };
  const { events, servers } = await run(60, [draft, draft, draft], { at: { 8_500: ([, second]) => second?.kill() } });
  expect(new Set(Object.values(statuses(events)))).toEqual(new Set(['completed']));
  expect(runEnd(events).totals.completed).toBe(60);
  expect(events.flatMap((event) => (event.type === 'host.changed' ? [`${event.host} ${event.state}`] : []))).toEqual([
    'http://gpu2 resting',
    'http://gpu2 down',
  ]);
  expect(servers[1]?.prompts.length).toBeLessThan(20);
});

test('a server that comes back is used again', async () => {
  const draft = { models: m };
  const { events, servers } = await run(60, [draft, draft], {
    at: { 8_500: ([, second]) => second?.kill(), 10_000: ([, second]) => second?.revive() },
  });
  expect(runEnd(events).totals.completed).toBe(60);
  expect(events.flatMap((event) => (event.type === 'host.changed' ? [event.state] : []))).toEqual(['resting', 'up']);
  expect(servers[1]?.prompts.length).toBeGreaterThan(10);
});

test('when all servers are gone the tasks fail, and the run ends', async () => {
  const draft = { models: m };
  const { events } = await run(20, [draft, draft], {
    at: { 8_500: (servers) => servers.forEach((each) => each.kill()) },
  });
  const { status, totals } = runEnd(events);
  expect(status).toBe('failed');
  expect(totals.failed + totals.completed).toBe(20);
  expect(totals.failed).toBeGreaterThan(10);
});

test('more requests are under way where that pays', async () => {
  const { servers, ms } = await run(400, [{ models: m, parallel: 8 }]);
  expect(servers[0]?.mostOpen).toBeGreaterThan(4);
  // Eight slots share a processor that gets twice as much done with eight as with one.
  expect(ms).toBeLessThan(5_000 + (400_000 / 2) * 1.1);
});
