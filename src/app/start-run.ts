// The line: argv ─▶ Spec ─▶ Fleet ─▶ Plan ─▶ RunEvents. In: what was asked for. Out: a run, ready to go.
import type { AgentStore } from '../agents/agent-store.ts';
import type { AgentInput } from '../agents/schema.ts';
import { executePlan } from '../engine/execute-plan.ts';
import { ProblemError } from '../errors/problem.ts';
import type { RunEvent } from '../events/event.ts';
import type { PlanSnapshot } from '../events/plan-snapshot.ts';
import type { Host } from '../host/host.ts';
import type { Recorder, RunToKeep } from '../journal/open-recorder.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { toPlanSnapshot } from '../plan/plan.ts';
import { planRun, type RunSettings } from '../plan/plan-run.ts';
import { loadSpec, type SpecRequest } from '../spec/load-spec.ts';
import { createSchemaLoader, type SchemaLoader } from '../spec/schema-loader.ts';
import type { Spec } from '../spec/spec.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import { connect, type Connection } from './connect.ts';
import { pullMissing, withPullFailures, type OnPull } from './pull-missing.ts';
import { toRunToKeep, type KeptParts } from './run-to-keep.ts';
import { resolveConfig, toRunSettings, withWorkflowSettings, type RunOptions } from './settings.ts';

export interface RunRequest extends SpecRequest, RunOptions {
  /** Name, id or unique beginning of the id of a stored agent, or an agent made for this run. */
  agent: string | AgentInput;
}

type RunAgent = KeptParts['agent'];

/** What a run is started with besides its request. */
export interface RunContext {
  host: Host;
  agents: Pick<AgentStore, 'get'>;
  taskTypes: readonly TaskDefinition[];
  /** Aborted to stop the run. */
  signal: AbortSignal;
  onPull?: OnPull | undefined;
  /** Opens the journal for the run; undefined when it is not to be kept, or cannot be. */
  openRecorder: (run: RunToKeep) => Promise<Recorder | undefined>;
}

/** A run that is planned and connected. It must be closed, also when it was never executed. */
export interface PreparedRun {
  id: string;
  plan: PlanSnapshot;
  /** Carries the plan out; resolves when `run.finished` was shown. */
  execute: (show: (event: RunEvent) => void) => Promise<void>;
  close: () => Promise<void>;
}

/** Loads, surveys and plans. Throws when what was asked for is wrong; nothing was sent then. */
export async function startRun(request: RunRequest, context: RunContext): Promise<PreparedRun> {
  const { host, signal } = context;
  const agent = await loadAgent(request.agent, context);
  const loadSchemas = createSchemaLoader();
  const spec = await loadSpec(request, { taskTypes: context.taskTypes, loadSchemas }, host);
  const options = withWorkflowSettings<RunOptions>(request, spec.settings);
  const config = resolveConfig(agent, options, host.env);
  const settings = toRunSettings(agent, config, options);
  const models = modelsOf(spec, settings);
  const connection = await connect(config, models, host, signal);
  try {
    const { plan, fleet } = await planWithModels(request, { spec, settings, models, connection }, context);
    const id = host.newId();
    const planned = { id, plan, fleet, agent, spec, request };
    return {
      id,
      plan: toPlanSnapshot(plan),
      execute: (show) => executeKept({ ...planned, connection, loadSchemas }, context, show),
      close: connection.close,
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Carries out a plan with the journal open for it. What cannot be kept is not shown: the engine sees to that. */
async function executeKept(
  { connection, loadSchemas, ...run }: KeptParts & { connection: Connection; loadSchemas: SchemaLoader },
  { host, signal, openRecorder }: RunContext,
  show: (event: RunEvent) => void,
): Promise<void> {
  const { clock, newId, random } = host;
  const { clients } = connection;
  const recorder = await openRecorder(toRunToKeep(run));
  const loaded = loadedModels(run.fleet);
  try {
    await executePlan(
      run.id,
      run.plan,
      { clients, loaded, loadSchemas, clock, newId, random, signal, record: recorder?.record },
      show,
    );
  } finally {
    recorder?.close();
  }
}

async function loadAgent(agent: RunRequest['agent'], { agents }: RunContext): Promise<RunAgent> {
  if (typeof agent === 'string') return agents.get(agent);
  const [{ agentInputSchema }, { toProblems }] = await Promise.all([
    import('../agents/schema.ts'),
    import('../agents/to-problems.ts'),
  ]);
  const parsed = agentInputSchema.safeParse(agent, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [first, ...more] = toProblems(agentInputSchema, parsed.error);
  throw first ? new ProblemError(first, ...more) : parsed.error;
}

interface Planned {
  spec: Spec;
  settings: RunSettings;
  models: readonly string[];
  connection: Connection;
}

/** The plan; with `pull`, made again once the models it misses are there. */
async function planWithModels(
  { pull }: RunRequest,
  { spec, settings, models, connection }: Planned,
  { signal, onPull = () => undefined }: RunContext,
): Promise<{ plan: ReturnType<typeof planRun>; fleet: Fleet }> {
  const fleet = await connection.survey(models);
  const plan = planRun(spec, settings, fleet);
  if (pull !== true) return { plan, fleet };
  const pulled = await pullMissing(plan, connection.clients, signal, onPull);
  if (pulled.models.length === 0) return { plan: withPullFailures(plan, pulled.failures), fleet };
  const refreshed = await connection.survey(models);
  return { plan: withPullFailures(planRun(spec, settings, refreshed), pulled.failures), fleet: refreshed };
}

/** Every model a task of the run may go to. */
function modelsOf(spec: Spec, settings: RunSettings): string[] {
  const { models, model, default_model, routing_preferences } = settings;
  const named = [model, default_model, ...Object.values(routing_preferences), ...spec.tasks.map((t) => t.model_name)];
  return [...new Set([...models, ...named].filter((name) => name !== undefined))];
}

function loadedModels(fleet: Fleet): Map<string, { name: string; context_length?: number | undefined }[]> {
  return new Map(
    fleet.hosts.map(({ url, models }) => [
      url,
      models.flatMap(({ name, loaded }) => (loaded ? [{ name, context_length: loaded.context_length }] : [])),
    ]),
  );
}
