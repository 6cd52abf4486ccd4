// The line: argv ─▶ Spec ─▶ Fleet ─▶ Plan ─▶ RunEvents. In: what was asked for. Out: a run, ready to go.
import type { EnginePorts } from '../engine/engine-ports.ts';
import { executePlan } from '../engine/execute-plan.ts';
import type { RunEvent } from '../events/event.ts';
import type { PlanSnapshot, Prediction } from '../events/plan-snapshot.ts';
import type { Fleet } from '../ollama/fleet.ts';
import type { Plan } from '../plan/plan.ts';
import { toPlanSnapshot } from '../plan/to-plan-snapshot.ts';
import { refuseChangedModels } from './changed-models.ts';
import { toKeptModels } from './kept-models.ts';
import { loadParts, type RunRequest } from './load-parts.ts';
import { openPlanner, type RunPlanner } from './open-planner.ts';
import type { AnswerSource } from './open-source.ts';
import { pastEvents } from './past-events.ts';
import { knownSpeeds } from './model-sketches.ts';
import type { RunContext } from './run-context.ts';
import { pullMissing, withPullFailures } from './pull-missing.ts';
import { tasksToDo, toRunToKeep, type RunParts } from './run-to-keep.ts';

/** A run that is planned and connected. It must be closed, also when it was never executed. */
export interface PreparedRun {
  id: string;
  plan: () => PlanSnapshot;
  /** What it is expected to take, where that can be told. */
  predict: (plan: PlanSnapshot) => Promise<Prediction | undefined>;
  /**
   * Carries the plan out; resolves when `run.finished` was shown.
   * @param showPast gets what still holds of earlier parts of the run, before the first new event
   */
  execute: (show: (event: RunEvent) => void, showPast?: (event: RunEvent) => void) => Promise<void>;
  close: () => Promise<void>;
}

/** Loads, surveys and plans. Throws when what was asked for is wrong; nothing was sent then. */
export async function startRun(request: RunRequest, context: RunContext): Promise<PreparedRun> {
  return prepareRun(await loadParts(request, context), context);
}

/** The line from the Spec on, for runs that begin and runs that go on. */
export async function prepareRun(given: RunParts, context: RunContext): Promise<PreparedRun> {
  const { further } = given;
  const planner = await openPlanner(given, context);
  const { spec, source } = planner;
  const { eachModel: _done, ...kept } = given.options;
  try {
    const parts = { ...given, spec, options: { ...kept, ...source.options } };
    const { plan, fleet } = await planWithModels(planner, kept.pull, context);
    if (further) refuseChangedModels(further, toKeptModels(tasksToDo(plan, further), fleet));
    return {
      id: given.id,
      plan: () => toPlanSnapshot(plan),
      predict: async (snapshot) =>
        (await import('./predict-run.ts')).predictRun(plan, await source.withMeasured(fleet), snapshot),
      execute: (show, showPast) => executeKept({ parts, plan, fleet, source }, context, show, showPast),
      close: source.close,
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

interface Executed {
  parts: RunParts;
  plan: Plan;
  fleet: Fleet;
  source: AnswerSource;
}

/** Carries out a plan with the journal open for it. What cannot be kept is not shown: the engine sees to that. */
async function executeKept(
  { parts, plan, fleet, source }: Executed,
  { host, loadSchemas, signal, turns, meter, enter, openRecorder }: RunContext,
  show: (event: RunEvent) => void,
  showPast: (event: RunEvent) => void = () => undefined,
): Promise<void> {
  const { clock, newId, random } = host;
  const { further } = parts;
  const recorder = await openRecorder(toRunToKeep(parts, plan, fleet));
  try {
    if (further) for await (const event of pastEvents(further, host)) showPast(event);
    const ports: EnginePorts = {
      ...{
        clients: source.clients,
        loaded: loadedModels(fleet),
        loadSchemas,
        clock,
        newId,
        random,
        turns,
        meter,
        enter,
      },
      signal: recorder ? AbortSignal.any([signal, recorder.signal]) : signal,
      record: recorder?.record,
      earlier: further && { ...further.earlier, kept: further.kept },
      answers: source.answers(plan),
      speeds: knownSpeeds(fleet),
    };
    await executePlan(parts.id, plan, ports, show);
  } finally {
    recorder?.close();
  }
}

/** The plan; with `pull`, made again once the models it misses are there. */
async function planWithModels(
  { survey, planFor, source }: RunPlanner,
  pull: boolean | undefined,
  { signal, onPull = () => undefined }: RunContext,
): Promise<{ plan: Plan; fleet: Fleet }> {
  const make = async (): Promise<{ plan: Plan; fleet: Fleet }> => {
    const fleet = await survey();
    return { plan: planFor(fleet), fleet };
  };
  const made = await make();
  if (pull !== true) return made;
  const pulled = await pullMissing(made.plan, source.clients, signal, onPull);
  const { plan, fleet } = pulled.models.length === 0 ? made : await make();
  return { plan: withPullFailures(plan, pulled.failures), fleet };
}

function loadedModels(fleet: Fleet): Map<string, { name: string; context_length?: number | undefined }[]> {
  return new Map(
    fleet.hosts.map(({ url, models }) => [
      url,
      models.flatMap(({ name, loaded }) => (loaded ? [{ name, context_length: loaded.context_length }] : [])),
    ]),
  );
}
