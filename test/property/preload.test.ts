import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf, runEnd, type TaskDraft } from '../unit/engine/engine-rig.ts';
import { runVirtually, type VirtualServerDraft } from '../unit/engine/virtual-ollama.ts';

// What loading ahead is worth: each graph is done with it and without, on servers whose speeds are known.

const models = ['a', 'b', 'c'];

const time = (max: number): fc.Arbitrary<number> => fc.integer({ min: 100, max });
const servers = fc.record({ loadMs: time(20_000), answerMs: time(5_000), maxLoaded: fc.integer({ min: 1, max: 3 }) });
const tasks = fc.array(
  fc.record({ model: fc.constantFrom(...models), needs: fc.array(fc.nat(100), { maxLength: 2 }) }),
  { minLength: 3, maxLength: 12 },
);

interface Scenario {
  servers: { loadMs: number; answerMs: number; maxLoaded: number }[];
  tasks: { model: string; needs: number[] }[];
}

const urlOf = (index: number): string => `http://gpu${index}`;

function run(scenario: Scenario, budget?: { loads: number }) {
  const drafts = scenario.tasks.map(({ model, needs }, index): TaskDraft => {
    const names = index < 2 ? [] : [...new Set(needs.map((need) => `t${need % index}`))];
    const hosts = scenario.servers.map((_, server) => urlOf(server));
    return { name: `t${index}`, models: [model], hosts, needs: names, timeoutMs: 1e9 };
  });
  const measured = new Map(
    scenario.servers.flatMap((speed, index) =>
      models.map((model) => [`${urlOf(index)}\n${model}:latest`, speed] as const),
    ),
  );
  const all = scenario.servers.map(({ maxLoaded, ...speed }, index): [string, VirtualServerDraft] => {
    return [urlOf(index), { maxLoaded, models: Object.fromEntries(models.map((model) => [model, speed])) }];
  });
  const plan = planOf(drafts, { maxConcurrent: 8, ...(budget && { budget }) });
  return runVirtually(plan, { servers: Object.fromEntries(all), speeds: { measured } });
}

/** What a budget counts is not loaded ahead. */
async function compare(scenario: Scenario) {
  const [without, beside] = [await run(scenario, { loads: 1e6 }), await run(scenario)];
  const loadsOf = ({ servers: used }: typeof beside): number => used.reduce((sum, { loads }) => sum + loads, 0);
  const counted = runEnd(beside.events).totals.model_loads;
  return { loads: [loadsOf(without), loadsOf(beside)] as const, ms: [without.ms, beside.ms] as const, counted };
}

test.each([
  [
    'equal',
    servers.chain((server) => fc.constantFrom(2, 3).map((count) => Array.from({ length: count }, () => server))),
  ],
  ['unequal', fc.array(servers, { minLength: 2, maxLength: 3 })],
])(
  'on %s servers graphs are done no later with loads ahead than without, and with no more of them',
  async (kind, several) => {
    const scenarios = fc.sample(fc.record({ servers: several, tasks }), { numRuns: 200, seed: 7 });
    let saved = 0;
    for (const scenario of scenarios) {
      const { loads, ms, counted } = await compare(scenario);
      expect(loads[1], JSON.stringify(scenario)).toBeLessThanOrEqual(loads[0]);
      expect(ms[1], JSON.stringify(scenario)).toBeLessThanOrEqual(ms[0] * 1.05);
      expect(counted).toBe(loads[1]);
      if (ms[1] < ms[0]) saved += 1;
    }
    expect(saved).toBeGreaterThan(kind === 'equal' ? 10 : 0);
  },
);
