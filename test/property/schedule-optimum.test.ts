import fc from 'fast-check';
import { expect, test } from 'vitest';
import { host, planOf, startPlan, type TaskDraft } from '../unit/engine/engine-rig.ts';
import { MemoryOllama } from '../unit/engine/memory-ollama.ts';

/** Steps and the steps before them that they need. */
interface Graph {
  steps: { model: string; needs: number[] }[];
}

const graphs: fc.Arbitrary<Graph> = fc
  .array(fc.record({ model: fc.constantFrom('a', 'b', 'c', 'd'), needs: fc.array(fc.nat(7), { maxLength: 3 }) }), {
    minLength: 2,
    maxLength: 8,
  })
  .map((steps) => ({
    steps: steps.map(({ model, needs }, index) => ({
      model,
      needs: index === 0 ? [] : [...new Set(needs.map((need) => need % index))],
    })),
  }));

/** The fewest loads of all orders, with room for one model: every sequence of models is tried, each drained while it is there. */
function fewestLoads({ steps }: Graph): number {
  let points = new Set([0]);
  const all = 2 ** steps.length - 1;
  for (let loads = 0; ; loads += 1) {
    if (points.has(all)) return loads;
    const models = [...new Set(steps.map(({ model }) => model))];
    points = new Set([...points].flatMap((done) => models.map((model) => drained(done, model, steps))));
  }
}

/** What is done once all of a model's steps that can be done have been; a set as bits. */
function drained(done: number, model: string, steps: Graph['steps']): number {
  const next = steps.findIndex(
    (step, index) =>
      step.model === model && !(done & (1 << index)) && step.needs.every((need) => (done & (1 << need)) !== 0),
  );
  return next === -1 ? done : drained(done | (1 << next), model, steps);
}

async function loadsOf({ steps }: Graph): Promise<number> {
  const server = new MemoryOllama(host, {
    onCall: (call) => {
      call.send('yes');
      call.finish();
    },
  });
  const drafts = steps.map(({ model, needs }, index): TaskDraft => {
    return { name: `t${index}`, models: [model], needs: needs.map((need) => `t${need}`) };
  });
  await startPlan(planOf(drafts), { servers: [server] }).done;
  return server.loads;
}

test('graphs of up to eight steps cost the fewest loads any order could', async () => {
  const sample = fc.sample(graphs, { numRuns: 200, seed: 6 });
  const pairs = await Promise.all(sample.map(async (graph) => [await loadsOf(graph), fewestLoads(graph)] as const));
  expect(pairs.filter(([loads, fewest]) => loads > fewest)).toEqual([]);
  expect(pairs.some(([, fewest]) => fewest > 4)).toBe(true);
});

test('the fewest loads of a graph that is known', () => {
  const steps = ['a', 'b', 'a', 'b'].map((model, index) => ({ model, needs: index > 1 ? [index - 2] : [] }));
  expect(fewestLoads({ steps })).toBe(2);
  expect(fewestLoads({ steps: steps.map((step, index) => ({ ...step, needs: index > 0 ? [index - 1] : [] })) })).toBe(
    4,
  );
});
