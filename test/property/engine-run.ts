import fc from 'fast-check';
import type { Problem } from '../../src/errors/problem.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { embed } from '../../src/tasks/embed.ts';
import { host, planOf, settled, startPlan, type StartedRun, type TaskDraft } from '../unit/engine/engine-rig.ts';
import { MemoryOllama, unreachable, type MemoryCall } from '../unit/engine/memory-ollama.ts';

/** What a server does with one attempt of a task. */
const behaviours = ['ok', 'ok', 'ok', 'busy', 'refused', 'breaks', 'silent', 'missing', 'unreachable'] as const;
type Behaviour = (typeof behaviours)[number];

export interface Scenario {
  tasks: { needs: number[]; model: string; attempts: Behaviour[]; isBlocked: boolean }[];
  maxConcurrent: number;
  slots: number | undefined;
  failFast: boolean;
  isSequential: boolean;
  runTimeoutMs: number | undefined;
  /** Stops the run when this many events were shown. */
  stopAt: number | undefined;
  isRecordSlow: boolean;
  /** Answers come before any time limit. */
  isPrompt: boolean;
  /** Which of the open calls is answered next, or that time passes. */
  picks: number[];
}

export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  tasks: fc
    .array(
      fc.record({
        needs: fc.array(fc.nat(50), { maxLength: 3 }),
        model: fc.constantFrom('m', 'n', 'e'),
        attempts: fc.array(fc.constantFrom(...behaviours), { maxLength: 4 }),
        isBlocked: fc.integer({ min: 0, max: 15 }).map((dice) => dice === 0),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((tasks) => tasks.map((task, index) => ({ ...task, needs: earlier(task.needs, index) }))),
  maxConcurrent: fc.integer({ min: 1, max: 5 }),
  slots: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  failFast: fc.boolean(),
  isSequential: fc.boolean(),
  runTimeoutMs: fc.option(fc.integer({ min: 1, max: 200_000 }), { nil: undefined }),
  stopAt: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  isRecordSlow: fc.boolean(),
  isPrompt: fc.boolean(),
  picks: fc.array(fc.nat(1_000), { maxLength: 80 }),
});

function earlier(needs: readonly number[], index: number): number[] {
  return index === 0 ? [] : [...new Set(needs.map((need) => need % index))];
}

export const nameOf = (index: number): string => `t${index}`;

export function toPlan({ tasks, isSequential, slots, maxConcurrent, failFast, runTimeoutMs }: Scenario): Plan {
  const drafts = tasks.map((task, index): TaskDraft => ({
    name: nameOf(index),
    needs: task.needs.map(nameOf),
    models: [task.model],
    ...(isSequential && index > 0 && { after: nameOf(index - 1) }),
    ...(task.model === 'e' && { definition: embed }),
    ...(task.isBlocked && { problem: { code: 'model-incapable', message: 'nobody can do this' } }),
  }));
  return planOf(drafts, {
    ...{ maxConcurrent, failFast },
    ...(runTimeoutMs !== undefined && { runTimeoutMs }),
    ...(slots !== undefined && { perHost: { [host]: slots } }),
  });
}

export interface Played {
  events: RunEvent[];
  server: MemoryOllama;
  clock: StartedRun['clock'];
  /** The most requests that were open at once: in all, and of one model. */
  most: { open: number; ofModel: number };
}

/** Plays a scenario to its end. Where nothing is open and no timer is set, and the run has not ended, it hangs: that throws. */
export async function play(scenario: Scenario, room = 1): Promise<Played> {
  const open: MemoryCall[] = [];
  const server = new MemoryOllama(host, { room, onCall: (call) => open.push(call) });
  let seen = 0;
  const state = { isOver: false, recording: 0 };
  const record = async (): Promise<void> => {
    state.recording += 1;
    await settled();
    state.recording -= 1;
  };
  const run = startPlan(toPlan(scenario), {
    servers: [server],
    ...(scenario.isRecordSlow && { record }),
    onEvent: (_, { stop }) => (seen += 1) === scenario.stopAt && stop(),
  });
  run.done.finally(() => (state.isOver = true)).catch(() => undefined);
  const attempts = new Map<string, number>();
  const most = { open: 0, ofModel: 0 };
  for (let step = 0; !state.isOver; step += 1) {
    for (let idle = 0; idle < 3; idle = state.recording > 0 ? 0 : idle + 1) await settled();
    const counts = [...server.inFlight.values()];
    most.open = Math.max(
      most.open,
      counts.reduce((sum, count) => sum + count, 0),
    );
    most.ofModel = Math.max(most.ofModel, ...counts);
    stepOn(scenario, { open, run, attempts, isOver: () => state.isOver, pick: scenario.picks[step] ?? 0 });
  }
  await run.done;
  return { events: run.events, server, clock: run.clock, most };
}

interface Stage {
  open: MemoryCall[];
  run: StartedRun;
  attempts: Map<string, number>;
  pick: number;
  isOver: () => boolean;
}

function stepOn(scenario: Scenario, { open, run: { clock, events }, attempts, pick, isOver }: Stage): void {
  const waiting = open.filter(({ signal }) => !signal.aborted);
  const choices = waiting.length + (scenario.isPrompt || clock.pending === 0 ? 0 : 1);
  const call = waiting[pick % Math.max(1, choices)];
  if (call) {
    open.splice(open.indexOf(call), 1);
    answer(call, behaviourOf(call, scenario, attempts));
  } else if (clock.untilNext !== undefined) {
    clock.advance(clock.untilNext);
  } else if (!isOver()) {
    throw new Error(`the run hangs after ${JSON.stringify(events.at(-1))}`);
  }
}

/** Of the texts that share a request, the first that goes wrong decides. */
function behaviourOf({ input }: MemoryCall, { tasks }: Scenario, attempts: Map<string, number>): Behaviour {
  const each = [input].flat().map((text) => {
    const name = /t\d+/.exec(text)?.[0] ?? '';
    const attempt = attempts.get(name) ?? 0;
    attempts.set(name, attempt + 1);
    return tasks[Number(name.slice(1))]?.attempts[attempt] ?? 'ok';
  });
  return each.find((behaviour) => behaviour !== 'ok') ?? 'ok';
}

function answer(call: MemoryCall, behaviour: Behaviour): void {
  if (behaviour === 'silent') return;
  if (behaviour === 'ok' || behaviour === 'breaks') call.send(`<answer>`);
  if (behaviour === 'ok') call.finish({ prompt_eval_count: 3, eval_count: 1 });
  else call.fail(problems[behaviour]);
}

const problems: Record<Exclude<Behaviour, 'ok' | 'silent'>, Problem> = {
  busy: { code: 'server-busy', message: 'busy' },
  refused: { code: 'request-refused', message: 'no' },
  breaks: { code: 'stream-broken', message: 'the connection broke' },
  missing: { code: 'model-missing', message: 'not installed' },
  unreachable: unreachable(host),
};
