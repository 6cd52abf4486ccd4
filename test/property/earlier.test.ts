import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { planOf, startPlan, type TaskDraft } from '../unit/engine/engine-rig.ts';
import { comparable, earlierOf, echo, endsOf } from '../unit/engine/earlier-rig.ts';

/** Steps that need earlier ones, some of which fail, look at how others ended, or become several tasks. */
const flows = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(20), { maxLength: 3 }),
      isBad: fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0),
      condition: fc.constantFrom(
        undefined,
        undefined,
        'always()',
        'failure()',
        'success()',
        '!success()',
        "vars.x == 'y'",
      ),
      items: fc.constantFrom(undefined, undefined, [], ['a', 'b', 'c'], ['a', 'bad', 'c']),
      max_parallel: fc.constantFrom(undefined, 1, 2),
      continue_on_error: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((steps) => steps.map(toDraft));

function toDraft(
  {
    needs,
    isBad,
    condition,
    items,
    ...step
  }: {
    needs: number[];
    isBad: boolean;
    condition: string | undefined;
    items: readonly string[] | undefined;
    max_parallel: number | undefined;
    continue_on_error: boolean;
  },
  index: number,
): TaskDraft {
  const names = index === 0 ? [] : [...new Set(needs.map((need) => `s${need % index}`))];
  const own = { text: `s${index} ${isBad ? 'bad' : ''} ` };
  return {
    name: `s${index}`,
    needs: names,
    prompt: [own, ...(items ? [{ item: [] }] : []), ...names.map((output) => ({ output }))],
    continue_on_error: step.continue_on_error,
    ...(step.max_parallel !== undefined && { max_parallel: step.max_parallel }),
    ...(condition !== undefined && { if: condition }),
    ...(items && { foreach: items }),
  };
}

const toPlan = (flow: readonly TaskDraft[], failFast: boolean): Plan =>
  planOf(flow, { run_type: 'workflow', failFast, maxConcurrent: 2 });

/** Of two failed steps that a step needs, the one that ended first is named. */
const withoutBlame = (document: unknown): unknown =>
  JSON.parse(JSON.stringify(document).replaceAll(/"s\d, which s\d needs, [^"]*"/g, '"a need failed"'));

test('wherever a run is cut off, the rest of it ends as it would have, and sends nothing that was answered', async () => {
  await fc.assert(
    fc.asyncProperty(flows, fc.nat(), async (flow, at) => {
      const whole = startPlan(toPlan(flow, false), { servers: [echo()] });
      await whole.done;
      const durable = whole.events.filter((event) => 'seq' in event);
      const before = durable.slice(0, 1 + (at % (durable.length - 1)));
      const server = echo();
      const rest = startPlan(toPlan(flow, false), { servers: [server], earlier: earlierOf(before) });
      await rest.done;
      expect(withoutBlame(comparable([...before, ...rest.events]))).toEqual(withoutBlame(comparable(whole.events)));
      const sent = server.prompts.map(({ input }) => input);
      const answered = endsOf(before).filter(({ status }) => status === 'completed' || status === 'failed');
      for (const { input, attempts = 0 } of answered) if (attempts > 0) expect(sent).not.toContain(input);
    }),
    { numRuns: 150 },
  );
});

test('every step ends exactly once, after what it needs, and only what failed unallowed fails the run', async () => {
  await fc.assert(
    fc.asyncProperty(flows, fc.boolean(), async (flow, failFast) => {
      const run = startPlan(toPlan(flow, failFast), { servers: [echo()] });
      await run.done;
      const order = endsOf(run.events).map(({ task }) => task);
      expect(new Set(order).size).toBe(order.length);
      for (const { name, needs = [] } of flow) {
        const end = endsOf(run.events).find(({ task }) => task === name);
        if (end?.status === 'completed')
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(name));
      }
      const isFailed = flow.some(
        ({ name, continue_on_error }) =>
          continue_on_error !== true && endsOf(run.events).some((end) => end.task === name && end.status === 'failed'),
      );
      expect(run.events.at(-1)).toMatchObject({ type: 'run.finished', status: isFailed ? 'failed' : 'completed' });
    }),
    { numRuns: 150 },
  );
});
