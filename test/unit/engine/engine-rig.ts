import type { EnginePorts } from '../../../src/engine/engine-ports.ts';
import { executePlan } from '../../../src/engine/execute-plan.ts';
import type { Problem } from '../../../src/errors/problem.ts';
import type { RunEvent, TaskFinished } from '../../../src/events/event.ts';
import type { OllamaClient } from '../../../src/ollama/client.ts';
import type { Plan, PlanTask, RunLimits } from '../../../src/plan/plan.ts';
import { statusFunctions, type Expression } from '../../../src/spec/expression/expression.ts';
import { createSchemaLoader } from '../../../src/spec/schema-loader.ts';
import type { TaskSpec } from '../../../src/spec/spec.ts';
import type { Template } from '../../../src/spec/template/template.ts';
import type { TaskDefinition } from '../../../src/tasks/define-task.ts';
import { generate } from '../../../src/tasks/generate.ts';
import { ManualClock } from './manual-clock.ts';

export const host = 'http://gpu1';

/** A task in few words; candidates are the models, in their order, on each host. */
export interface TaskDraft extends Partial<
  Pick<PlanTask, 'after' | 'form' | 'onTruncate' | 'retries' | 'timeoutMs' | 'problem' | 'options' | 'warnings'>
> {
  name: string;
  needs?: string[];
  models?: string[];
  hosts?: string[];
  definition?: TaskDefinition;
  format?: TaskSpec['format'];
  prompt?: Template;
  /** A condition, as its source. */
  if?: string;
  foreach?: readonly unknown[] | string;
  max_parallel?: number;
  continue_on_error?: boolean;
  context?: 'previous';
  priority?: number;
}

export interface PlanDraft extends Partial<RunLimits> {
  keep_alive?: string | number;
  run_type?: Plan['run_type'];
}

export function planOf(drafts: readonly (TaskDraft | string)[], draft: PlanDraft = {}): Plan {
  const { keep_alive, run_type = 'tasks', ...limits } = draft;
  return {
    run_type,
    agent: { name: 'tester' },
    tasks: drafts.map((each) => planTask(typeof each === 'string' ? { name: each } : each)),
    limits: { maxConcurrent: 4, perHost: {}, failFast: false, ...limits },
    keep_alive,
  };
}

function planTask(draft: TaskDraft): PlanTask {
  const { name, needs = [], models = ['m'], hosts = [host], definition = generate, format, ...others } = draft;
  const { if: condition, foreach, max_parallel, continue_on_error, context, priority, prompt: own, ...more } = others;
  const prompt = own ?? [{ text: `prompt of ${name}` }, ...needs.flatMap((output) => [{ text: ' ' }, { output }])];
  const candidates = definition.needs
    ? models.flatMap((model) => hosts.map((each) => ({ model, host: each, reasons: ['chosen'] })))
    : [];
  return {
    spec: {
      ...{ name, definition, prompt, needs, format, continue_on_error, context, priority, warnings: [] },
      condition: condition === undefined ? undefined : expressionOf(condition),
      foreach:
        foreach === undefined
          ? undefined
          : { in: typeof foreach === 'string' ? expressionOf(foreach) : foreach, max_parallel },
    },
    kind: 'other',
    options: undefined,
    timeoutMs: 60_000,
    retries: 2,
    onTruncate: 'fail',
    warnings: [],
    ...more,
    needs,
    candidates: more.problem ? [] : candidates,
  };
}

/** An expression as the check of a workflow file leaves it. */
export function expressionOf(source: string): Expression {
  const steps = [...source.matchAll(/steps\.(\w+)/g)].map(([, name = '']) => name);
  return { source, calls: statusFunctions.filter((name) => source.includes(`${name}(`)), steps, vars: {}, env: {} };
}

export interface StartedRun {
  events: RunEvent[];
  /** Settles with the run. */
  done: Promise<void>;
  clock: ManualClock;
  stop: (reason?: unknown) => void;
}

export interface RunDraft extends Partial<
  Pick<EnginePorts, 'record' | 'loaded' | 'speeds' | 'turns' | 'meter' | 'random' | 'earlier' | 'answers'>
> {
  servers?: readonly OllamaClient[];
  clock?: ManualClock;
  onEvent?: (event: RunEvent, run: Pick<StartedRun, 'stop'>) => void;
}

/** Carries a plan out with servers in memory and a clock that stands still. */
export function startPlan(plan: Plan, draft: RunDraft = {}): StartedRun {
  const { servers = [], clock = new ManualClock(), onEvent = () => undefined, ...ports } = draft;
  const stopping = new AbortController();
  const stop = (reason?: unknown): void => stopping.abort(reason);
  const events: RunEvent[] = [];
  let ids = 0;
  const done = executePlan(
    'run-1',
    plan,
    {
      clients: new Map(servers.map((server) => [server.host, server])),
      loaded: new Map(),
      loadSchemas: createSchemaLoader(),
      clock,
      newId: () => `id-${++ids}`,
      random: () => 0.5,
      signal: stopping.signal,
      ...ports,
    },
    (event) => {
      events.push(event);
      onEvent(event, { stop });
    },
  );
  return { events, done, clock, stop };
}

/** Lets everything that is not waiting for a call or the clock go on. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** The end of each task, by name. */
export function ends(events: readonly RunEvent[]): Record<string, TaskFinished> {
  const finished = events.filter((event) => event.type === 'task.finished');
  return Object.fromEntries(finished.map((event) => [event.task, event]));
}

export function statuses(events: readonly RunEvent[]): Record<string, string> {
  return Object.fromEntries(Object.values(ends(events)).map(({ task, status }) => [task, status]));
}

/** `task.started a`, `task.finished a` … without the rest. */
export function line(events: readonly RunEvent[], ...types: RunEvent['type'][]): string[] {
  return events
    .filter(({ type }) => types.length === 0 || types.includes(type))
    .map((event) => ('task' in event ? `${event.type} ${event.task}` : event.type));
}

export function runEnd(events: readonly RunEvent[]): Extract<RunEvent, { type: 'run.finished' }> {
  const last = events.at(-1);
  if (last?.type !== 'run.finished') throw new Error(`the last event is ${last?.type ?? 'none'}`);
  return last;
}

export const problems = {
  busy: { code: 'server-busy', message: 'http://gpu1 is busy' },
  refused: { code: 'request-refused', message: 'http://gpu1 says no' },
  missing: { code: 'model-missing', message: "model 'm' is not installed on http://gpu1", hint: 'ollama pull m' },
  broken: { code: 'stream-broken', message: 'the connection to http://gpu1 broke' },
} satisfies Record<string, Problem>;
