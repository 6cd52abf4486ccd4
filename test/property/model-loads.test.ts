import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { planOf, runEnd, type TaskDraft } from '../unit/engine/engine-rig.ts';
import { runVirtually, type Fate, type VirtualRun, type VirtualServerDraft } from '../unit/engine/virtual-ollama.ts';

// The loads a run tells are those its servers counted, whatever is loaded when and driven out by what.

const models = ['a', 'b', 'c', 'd'];

interface Scenario {
  /** The first one has all models. */
  servers: {
    times: { loadMs: number; answerMs: number }[];
    parallel: number;
    /** How many models it has room for. */
    room: number;
    prepareMs: number;
    has: string[];
    held: { model: string; numCtx: number | undefined }[];
    fates: Fate[];
  }[];
  tasks: { model: string; numCtx: number | undefined; needs: number[]; priority: number; timeoutMs: number }[];
  maxConcurrent: number;
}

const fates: readonly Fate[] = ['ok', 'ok', 'ok', 'ok', 'ok', 'busy', 'fails', 'breaks'];

const contexts = fc.constantFrom(undefined, undefined, undefined, 2048, 8192);

const servers = fc.array(
  fc.record({
    // A real load takes 0.4 s at the least, and a loaded model has been found after 0.13 s at the latest.
    times: fc.array(
      fc.record({ loadMs: fc.integer({ min: 400, max: 20_000 }), answerMs: fc.integer({ min: 20, max: 5_000 }) }),
      {
        minLength: models.length,
        maxLength: models.length,
      },
    ),
    parallel: fc.integer({ min: 1, max: 4 }),
    room: fc.integer({ min: 1, max: 3 }),
    prepareMs: fc.constantFrom(0, 40, 87),
    has: fc.subarray(models),
    held: fc.uniqueArray(fc.record({ model: fc.constantFrom(...models), numCtx: contexts }), {
      maxLength: 2,
      selector: ({ model }) => model,
    }),
    fates: fc.array(fc.constantFrom(...fates), { maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 3 },
);

const tasks = fc
  .array(
    fc.record({
      model: fc.constantFrom(...models),
      numCtx: contexts,
      needs: fc.array(fc.nat(100), { maxLength: 2 }),
      priority: fc.integer({ min: -1, max: 1 }),
      timeoutMs: fc.oneof({ arbitrary: fc.constant(1e9), weight: 5 }, fc.integer({ min: 1_000, max: 30_000 })),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) =>
    all.map((task, index) => ({
      ...task,
      needs: index < 3 ? [] : [...new Set(task.needs.map((need) => need % index))],
    })),
  );

const scenarios: fc.Arbitrary<Scenario> = fc
  .record({ servers, tasks, maxConcurrent: fc.integer({ min: 1, max: 12 }) })
  .map(({ servers, tasks, ...scenario }) => {
    const all = servers.map((server, index) => (index === 0 ? { ...server, has: models } : server));
    const isClear = all.every(({ room }) => room === 1);
    return {
      ...scenario,
      // Of an answer that broke off, or was given up, no server tells how long it waited: where it has room for several
      // models, one of them may have come and gone between two looks.
      servers: all.map((server) => (isClear ? server : { ...server, fates: server.fates.filter(isSaid) })),
      tasks: isClear ? tasks : tasks.map((task) => ({ ...task, timeoutMs: 1e9 })),
    };
  });

const isSaid = (fate: Fate): boolean => fate !== 'breaks';

const urlOf = (index: number): string => `http://gpu${index}`;

function toPlan({ servers, tasks, maxConcurrent }: Scenario): Plan {
  const drafts = tasks.map(({ model, numCtx, needs, ...task }, index): TaskDraft => {
    const hosts = servers.flatMap(({ has }, server) => (has.includes(model) ? [urlOf(server)] : []));
    return {
      ...{ ...task, name: `t${index}`, models: [model], hosts },
      needs: needs.map((need) => `t${need}`),
      ...(numCtx !== undefined && { options: { num_ctx: numCtx } }),
    };
  });
  return planOf(drafts, { maxConcurrent });
}

function play(scenario: Scenario): Promise<VirtualRun> {
  const drafts = scenario.servers.map(({ times, has, room, held, ...server }, index): [string, VirtualServerDraft] => {
    const all = Object.fromEntries(models.map((model, at) => [model, times[at] ?? {}]));
    const own = Object.fromEntries(Object.entries(all).filter(([model]) => has.includes(model)));
    const there = held.filter(({ model }) => has.includes(model)).slice(0, room);
    return [urlOf(index), { ...server, models: own, maxLoaded: room, held: there }];
  });
  return runVirtually(toPlan(scenario), { servers: Object.fromEntries(drafts) });
}

test('the loads that are told are those the servers counted', async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { events, servers } = await play(scenario);
      expect(runEnd(events).totals.model_loads).toBe(servers.reduce((sum, { loads }) => sum + loads, 0));
    }),
    { numRuns: 100 },
  );
});
