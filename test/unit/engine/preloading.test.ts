import { expect, test } from 'vitest';
import { Meter } from '../../../src/engine/meter.ts';
import { Turns } from '../../../src/engine/turns.ts';
import { planOf, runEnd, settled, startPlan, type PlanDraft, type TaskDraft } from './engine-rig.ts';
import { MemoryOllama } from './memory-ollama.ts';
import { runTogether, runVirtually, type VirtualServerDraft } from './virtual-ollama.ts';

const urls = ['http://gpu1', 'http://gpu2'];
const all: VirtualServerDraft = { models: { a: {}, b: {} } };
const servers = { [urls[0]!]: all, [urls[1]!]: all };

/** Each step needs the one before it. */
function chain(models: string, draft: PlanDraft = {}, more: Partial<TaskDraft> = {}) {
  const steps = Array.from(models).map((model, index): TaskDraft => {
    return { name: `t${index}`, models: [model], hosts: urls, needs: index === 0 ? [] : [`t${index - 1}`], ...more };
  });
  return planOf(steps, draft);
}

/** What a budget counts is not loaded ahead: the run as it would be without. */
const asAsked = { budget: { loads: 1_000 } };

test('a chain that changes between two models on two servers is done a load sooner, with as many loads', async () => {
  const without = await runVirtually(chain('abab', asAsked), { servers });
  const beside = await runVirtually(chain('abab'), { servers });
  expect([without.ms, beside.ms]).toEqual([14_000, 9_000]);
  expect([without, beside].map(({ events }) => runEnd(events).totals.model_loads)).toEqual([2, 2]);
  expect(beside.servers.map(({ loads }) => loads)).toEqual([1, 1]);
});

test('no load counts twice that is still under way when its task starts', async () => {
  const slow = { models: { a: { loadMs: 1_000 }, b: { loadMs: 30_000 } } };
  const {
    events,
    servers: used,
    ms,
  } = await runVirtually(chain('ab'), { servers: { [urls[0]!]: slow, [urls[1]!]: slow } });
  expect(runEnd(events).totals.model_loads).toBe(used.reduce((sum, { loads }) => sum + loads, 0));
  expect([runEnd(events).totals.model_loads, ms]).toEqual([2, 31_000]);
});

test('it is one of the requests that may be under way at once', async () => {
  const { ms } = await runVirtually(chain('abab', { maxConcurrent: 1 }), { servers });
  expect(ms).toBe(14_000);
});

test('a server that another run uses is left alone', async () => {
  const other = planOf([{ name: 'x', models: ['a'], hosts: [urls[1]!] }]);
  const run = await runTogether([chain('ab'), other], { servers, turns: new Turns(), meter: new Meter() });
  expect(run.servers[1]?.prompts[0]).toBe('a:latest');
  expect(run.events.map((events) => runEnd(events).totals.completed)).toEqual([2, 1]);
});

/** Two servers, the second of which answers no request to load; how the run of `ab` went there. */
async function whereLoadsHang(act: (run: ReturnType<typeof startPlan>, calls: MemoryOllama[]) => Promise<void>) {
  const hanging = new MemoryOllama(urls[1]!);
  const signals: AbortSignal[] = [];
  const generate = hanging.generate.bind(hanging);
  hanging.generate = async function* (request, options) {
    if (request.prompt === '') {
      signals.push(options.signal);
      await new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(new Error('gone'))));
    }
    yield* generate(request, options);
  };
  const working = new MemoryOllama(urls[0]!);
  const run = startPlan(chain('ab'), { servers: [working, hanging] });
  await act(run, [working, hanging]);
  await run.done;
  return { signals, clock: run.clock, status: runEnd(run.events).status };
}

async function answer(server: MemoryOllama): Promise<void> {
  const call = await server.next();
  call.send('yes');
  call.finish();
}

test('a prompt does not wait for a load that hangs, and that ends with the run', async () => {
  const { signals, clock, status } = await whereLoadsHang(async (_, [working, hanging]) => {
    await answer(working!);
    await answer(hanging!);
  });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect([clock.pending, status]).toEqual([0, 'completed']);
});

test('a load that hangs ends with a run that is stopped', async () => {
  const { signals, clock, status } = await whereLoadsHang(async (run) => {
    await settled();
    run.stop();
  });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect([clock.pending, status]).toEqual([0, 'cancelled']);
});
