// The line: argv ─▶ Spec ─▶ Fleet ─▶ Plan ─▶ RunEvents. In: what was asked for. Out: a run, ready to go.
import type { AgentInput } from '../agents/schema.ts';
import type { EnginePorts } from '../engine/engine-ports.ts';
import { executePlan } from '../engine/execute-plan.ts';
import type { RunEvent } from '../events/event.ts';
import type { PlanSnapshot, Prediction } from '../events/plan-snapshot.ts';
import type { Fleet } from '../ollama/fleet.ts';
import type { Plan } from '../plan/plan.ts';
import { toPlanSnapshot } from '../plan/to-plan-snapshot.ts';
import { planRun } from '../plan/plan-run.ts';
import { loadSpec, type SpecHost, type SpecRequest } from '../spec/load-spec.ts';
import type { Spec } from '../spec/spec.ts';
import { refuseChangedModels } from './changed-models.ts';
import { checkEachModel, expandEachModel } from './each-model.ts';
import { toKeptModels } from './kept-models.ts';
import { openSource, type AnswerSource } from './open-source.ts';
import { pastEvents } from './past-events.ts';
import { knownSpeeds } from './model-sketches.ts';
import type { RunContext } from './run-context.ts';
import { pullMissing, withPullFailures } from './pull-missing.ts';
import { loadAgent, loadStepAgents } from './load-agents.ts';
import { tasksToDo, toRunToKeep, type RunParts } from './run-to-keep.ts';
import { modelsOf, toTeam, type Member, type Team } from './team.ts';
import { withWorkflowSettings, type RunOptions } from './settings.ts';

export interface RunRequest extends SpecRequest, RunOptions {
  /** Name, id or unique beginning of the id of a stored agent, or an agent made for this run. */
  agent: string | AgentInput;
  /** Where the files, the standard input and the variables it names are read; default: where those of the program are. */
  sources?: SpecHost | undefined;
}

/** A run that is planned and connected. It must be closed, also when it was never executed. */
export interface PreparedRun {
  id: string;
  plan: () => PlanSnapshot;
  /** What it is expected to take. */
  predict: () => Promise<Prediction | undefined>;
  /**
   * Carries the plan out; resolves when `run.finished` was shown.
   * @param showPast gets what still holds of earlier parts of the run, before the first new event
   */
  execute: (show: (event: RunEvent) => void, showPast?: (event: RunEvent) => void) => Promise<void>;
  close: () => Promise<void>;
}

/** Loads, surveys and plans. Throws when what was asked for is wrong; nothing was sent then. */
export async function startRun(request: RunRequest, context: RunContext): Promise<PreparedRun> {
  const { host } = context;
  const { run_type: _type, agent: named, flags: _flags, file: _file, tasks: _tasks, ...others } = request;
  const { sequential: _sequential, vars: _vars, sources = host, ...options } = others;
  const agent = await loadAgent(named, context);
  const spec = await loadSpec(request, context, sources);
  const stepAgents = await loadStepAgents(spec, context);
  return prepareRun({ id: host.newId(), agent, stepAgents, options, spec }, context);
}

/** The line from the Spec on, for runs that begin and runs that go on. */
export async function prepareRun(given: RunParts, context: RunContext): Promise<PreparedRun> {
  const { host } = context;
  const { further } = given;
  const { eachModel = false, ...options } = withWorkflowSettings(given.options, given.spec.settings);
  if (eachModel) checkEachModel(given.spec, options);
  const team = toTeam(given, options, host.env);
  const models = modelsOf(given.spec, [team.own, ...team.stepAgents.values()]);
  const configs = [team.own, ...team.stepAgents.values()].map(({ config }) => config);
  const source = await openSource({ id: given.id, options, configs, models }, context);
  const { eachModel: _done, ...kept } = given.options;
  try {
    const spec = eachModel ? await expanded(given.spec, team.own, models, source) : given.spec;
    const parts = { ...given, spec, options: { ...kept, ...source.options } };
    const { plan, fleet } = await planWithModels({ spec, team, models, source, pull: options.pull }, context);
    if (further) refuseChangedModels(further, toKeptModels(tasksToDo(plan, further), fleet));
    return {
      id: given.id,
      plan: () => toPlanSnapshot(plan),
      predict: async () =>
        (await import('./predict-run.ts')).predictRun(plan, await source.withMeasured(fleet), toPlanSnapshot(plan)),
      execute: (show, showPast) => executeKept({ parts, plan, fleet, source }, context, show, showPast),
      close: source.close,
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The Spec with every task once per model: what is kept of the run is this. */
async function expanded(spec: Spec, own: Member, models: readonly string[], source: AnswerSource): Promise<Spec> {
  return expandEachModel(spec, own, source.fleetOf(own.config, await source.survey(models)));
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

interface Planned {
  spec: Spec;
  team: Team;
  models: readonly string[];
  source: AnswerSource;
  pull: boolean | undefined;
}

/** The plan; with `pull`, made again once the models it misses are there. */
async function planWithModels(
  { spec, team, models, source, pull }: Planned,
  { signal, onPull = () => undefined }: RunContext,
): Promise<{ plan: Plan; fleet: Fleet }> {
  const make = async (): Promise<{ plan: Plan; fleet: Fleet }> => {
    const fleet = await source.survey(models);
    const toStepAgent = ({ settings, config }: Member) => ({ settings, fleet: source.fleetOf(config, fleet) });
    const own = toStepAgent(team.own);
    const stepAgents = new Map([...team.stepAgents].map(([name, member]) => [name, toStepAgent(member)]));
    return { plan: source.mend(planRun(spec, own.settings, own.fleet, stepAgents)), fleet };
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
