import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planOf, runEnd, type TaskDraft } from '../unit/engine/engine-rig.ts';
import {
  runVirtually,
  type VirtualOllama,
  type VirtualRun,
  type VirtualServerDraft,
} from '../unit/engine/virtual-ollama.ts';

// The laws of a run on several servers, in virtual time. A run that hangs fails its property: the driver throws.

const models = ['a', 'b', 'c'];

interface Scenario {
  /** The first one has all models and stays up. */
  servers: {
    loadMs: number;
    answerMs: number;
    parallel: number;
    maxLoaded: number;
    slots: number | undefined;
    has: string[];
  }[];
  tasks: { model: string; needs: number[]; priority: number }[];
  maxConcurrent: number;
  /** Servers that go away, and come back or not. */
  faults: { server: number; atMs: number; forMs: number | undefined }[];
}

const servers = fc.array(
  fc.record({
    loadMs: fc.integer({ min: 1, max: 20_000 }),
    answerMs: fc.integer({ min: 1, max: 5_000 }),
    parallel: fc.integer({ min: 1, max: 4 }),
    maxLoaded: fc.integer({ min: 1, max: 3 }),
    slots: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    has: fc.subarray(models),
  }),
  { minLength: 1, maxLength: 4 },
);

const tasks = fc
  .array(
    fc.record({
      model: fc.constantFrom(...models),
      needs: fc.array(fc.nat(100), { maxLength: 2 }),
      priority: fc.integer({ min: -1, max: 1 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) =>
    all.map((task, index) => ({
      ...task,
      needs: index < 3 ? [] : [...new Set(task.needs.map((need) => need % index))],
    })),
  );

const faults = fc.array(
  fc.record({
    server: fc.integer({ min: 1, max: 3 }),
    atMs: fc.integer({ min: 0, max: 60_000 }),
    forMs: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }),
  }),
  { maxLength: 4 },
);

const scenarios: fc.Arbitrary<Scenario> = fc
  .record({ servers, tasks, faults, maxConcurrent: fc.integer({ min: 1, max: 12 }) })
  .map((scenario) => ({
    ...scenario,
    servers: scenario.servers.map((server, index) => (index === 0 ? { ...server, has: models } : server)),
  }));

const urlOf = (index: number): string => `http://gpu${index}`;

function toPlan({ servers, tasks, maxConcurrent }: Scenario): Plan {
  const drafts = tasks.map(({ model, needs, priority }, index): TaskDraft => {
    const hosts = servers.flatMap(({ has }, server) => (has.includes(model) ? [urlOf(server)] : []));
    return {
      name: `t${index}`,
      models: [model],
      hosts,
      needs: needs.map((need) => `t${need}`),
      timeoutMs: 1e9,
      priority,
    };
  });
  const slots = servers.flatMap((server, index) => (server.slots === undefined ? [] : [[urlOf(index), server.slots]]));
  return planOf(drafts, { maxConcurrent, perHost: Object.fromEntries<number>(slots as [string, number][]) });
}

function play(scenario: Scenario): Promise<VirtualRun> {
  const drafts = scenario.servers.map(
    ({ loadMs, answerMs, has, parallel, maxLoaded }, index): [string, VirtualServerDraft] => {
      const all = Object.fromEntries(has.map((model) => [model, { loadMs, answerMs }]));
      return [urlOf(index), { models: all, parallel, maxLoaded }];
    },
  );
  const at: Record<number, (all: VirtualOllama[]) => void> = {};
  for (const { server, atMs, forMs } of scenario.faults) {
    at[atMs] = (all) => all[server]?.kill();
    if (forMs !== undefined) at[atMs + forMs] = (all) => all[server]?.revive();
  }
  return runVirtually(toPlan(scenario), { servers: Object.fromEntries(drafts), at });
}

const runs = { numRuns: 150, interruptAfterTimeLimit: 50_000, markInterruptAsFailure: true };

function law(title: string, check: (run: VirtualRun, scenario: Scenario) => void, arbitrary = scenarios): void {
  test(title, async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (scenario) => check(await play(scenario), scenario)),
      runs,
    );
  });
}

const endsOf = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'task.finished');

law('whatever servers come and go, each task is done exactly once, and none fails', ({ events }, { tasks }) => {
  expect(
    endsOf(events)
      .map(({ task }) => task)
      .sort(),
  ).toEqual(tasks.map((_, index) => `t${index}`).sort());
  expect(new Set(endsOf(events).map(({ status }) => status))).toEqual(new Set(['completed']));
});

law('no more requests are under way than the run and each server allow', ({ servers }, scenario) => {
  for (const [index, { mostOpen }] of servers.entries()) {
    expect(mostOpen).toBeLessThanOrEqual(Math.min(scenario.maxConcurrent, scenario.servers[index]?.slots ?? Infinity));
  }
});

const calm = scenarios.map((scenario) => ({ ...scenario, faults: [] }));

law(
  'the loads that are told are those the servers counted, with room for one model or for all',
  ({ events, servers }) => {
    expect(runEnd(events).totals.model_loads).toBe(servers.reduce((sum, { loads }) => sum + loads, 0));
  },
  calm.map((scenario) => ({
    ...scenario,
    servers: scenario.servers.map((server) => ({
      ...server,
      maxLoaded: server.maxLoaded === 2 ? 3 : server.maxLoaded,
    })),
  })),
);

law(
  'no server loads a model twice for a flat list when it has room for one',
  ({ servers }) => {
    for (const { loads, prompts } of servers) expect(loads).toBeLessThanOrEqual(new Set(prompts).size);
  },
  calm.map((scenario) => ({ ...scenario, tasks: scenario.tasks.map((task) => ({ ...task, needs: [], priority: 0 })) })),
);
