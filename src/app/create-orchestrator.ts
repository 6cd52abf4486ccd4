import { openAgentStore, type AgentStore } from '../agents/agent-store.ts';
import { Meter } from '../engine/meter.ts';
import { ifPossible } from '../errors/if-possible.ts';
import type { Problem } from '../errors/problem.ts';
import { Turns } from '../engine/turns.ts';
import type { RunEvent } from '../events/event.ts';
import type { PlanSnapshot } from '../events/plan-snapshot.ts';
import type { RunDocument } from '../events/run-document.ts';
import { record, toRunDocument, type RunRecord } from '../events/to-run-document.ts';
import type { Host } from '../host/host.ts';
import { createNodeHost } from '../host/node-host.ts';
import type { RunToKeep } from '../journal/kept-run.ts';
import type { MeasuredModel } from '../journal/measured-models.ts';
import type { Recorder } from '../journal/open-recorder.ts';
import { openRunStore, type RunStore } from '../journal/run-store.ts';
import { ShownModels } from '../ollama/shown-models.ts';
import { configDirectory, dataDirectory } from '../settings/directories.ts';
import { createSchemaLoader } from '../spec/schema-loader.ts';
import type { TaskInput } from '../spec/schema.ts';
import type { StepInput } from '../spec/workflow/step-objects.ts';
import { customTask, type CustomHandler } from '../tasks/custom.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import { taskTypes } from '../tasks/index.ts';
import type { OnPull } from './pull-missing.ts';
import type { Explanation } from './explain.ts';
import { resumeRun, type FurtherRequest, type ResumeOptions, type RetryOptions } from './resume-run.ts';
import { unkeptWarning } from './unkept-warning.ts';
import { toWorkflowCheck, type WorkflowCheck } from './workflow-check.ts';
import type { RunContext } from './run-context.ts';
import type { RunRequest } from './load-parts.ts';
import { startRun } from './start-run.ts';

export interface OrchestratorOptions {
  /** Directory of agents and settings; default: the platform's, or that of `OLLAMA_ORCHESTRATE_HOME`. */
  configDirectory?: string | undefined;
  /** Task types besides the built-in ones; one with the name of a built-in type replaces it. */
  taskTypes?: readonly TaskDefinition[] | undefined;
  /** Does the tasks of type `custom`. */
  custom?: CustomHandler | undefined;
  /** False: runs are not kept, and cannot be looked at afterwards. */
  journal?: boolean | undefined;
  /** Share it between orchestrators of one process that use the same servers; default: one of its own. */
  turns?: Turns | undefined;
  /** The outside world; default: this process. */
  host?: Host | undefined;
}

/** What may follow a run while it goes on. */
export interface RunHooks {
  /** Called with every event, in their order. */
  onEvent?: ((event: RunEvent) => void) | undefined;
  /** Called before with what still holds of earlier parts, when a run goes on. */
  onPast?: ((event: RunEvent) => void) | undefined;
  onPull?: OnPull | undefined;
  /** Told why the run goes on without being kept: the journal cannot be opened. Default: a warning on stderr. */
  onUnkept?: ((problem: Problem) => void) | undefined;
  /** Aborted to cancel the run. */
  signal?: AbortSignal | undefined;
  /** Asked before each request to a model, for a program that has others under way, too. */
  enter?: RunContext['enter'];
  /** Nobody waits for it: a server that ends before the run does goes on with it when it starts again. */
  isDetached?: boolean | undefined;
}

export type TasksRequest = Omit<RunRequest, 'run_type' | 'tasks'> & { tasks?: readonly TaskInput[] | undefined };

export type WorkflowRequest = Omit<RunRequest, 'run_type' | 'tasks'> & { steps?: readonly StepInput[] | undefined };

/** Agents, and runs of their tasks and workflows. The command line is built on this and nothing else. */
export interface Orchestrator {
  agents: AgentStore;
  /** What runs on the same servers take; for a program that sends requests of its own there, too. */
  turns: Turns;
  /** The runs that were kept. */
  runs: RunStore;
  /**
   * Runs tasks side by side, or one after another with `sequential`. Resolves however the tasks end: look at `status`.
   * @throws ProblemError when what was asked for is wrong; nothing was sent then
   */
  runTasks: (request: TasksRequest, hooks?: RunHooks) => Promise<RunDocument>;
  /** Runs the steps of a workflow, each as soon as the steps it refers to are done; else as {@link Orchestrator.runTasks}. */
  runWorkflow: (request: WorkflowRequest, hooks?: RunHooks) => Promise<RunDocument>;
  /**
   * Looks a workflow file over (`-` for standard input) without a server or an agent: all that is wrong with it, in its
   * order, and the warnings its steps would run with.
   */
  validateWorkflow: (file: string) => Promise<WorkflowCheck>;
  /**
   * Goes on with a run that was interrupted, and resolves to the whole of it.
   * @param run its id, the beginning or end of that, or `last`
   * @throws ProblemError when it cannot go on; nothing was sent then
   */
  resumeRun: (run: string, options?: ResumeOptions, hooks?: RunHooks) => Promise<RunDocument>;
  /** Does again what did not succeed in a run, and what follows from it; with `from` a step and what follows from it. */
  retryRun: (run: string, options?: RetryOptions, hooks?: RunHooks) => Promise<RunDocument>;
  /** What a run would do. No prompt is sent, and no model is pulled. */
  plan: (request: RunRequest) => Promise<PlanSnapshot>;
  /** Which model each task would go to, and why. No prompt is sent, and placeholders of tasks stay as they are. */
  explain: (request: RunRequest) => Promise<Explanation[]>;
  /** Runs, or goes on, without keeping a document: for runs whose outputs would not fit into memory. */
  execute: (
    request: RunRequest | FurtherRequest,
    hooks: RunHooks & { onEvent: (event: RunEvent) => void },
  ) => Promise<void>;
}

/** The library's door. */
export function createOrchestrator(options: OrchestratorOptions = {}): Orchestrator {
  const { host = createNodeHost(), taskTypes: added = [], custom, turns = new Turns() } = options;
  const directory = configDirectory(host, options.configDirectory);
  const agents = openAgentStore({ directory, now: host.clock.now, newId: host.newId });
  const loadSchemas = createSchemaLoader();
  const learned = { known: new ShownModels(), meter: new Meter() };
  const types = withTypes([...(custom ? [customTask(custom)] : []), ...added]);
  const contextOf = ({
    signal,
    onPull,
    enter,
    isDetached = false,
    onUnkept = (problem) => void host.io.stderr.write(unkeptWarning(problem)),
  }: RunHooks): RunContext => ({
    host,
    agents,
    taskTypes: types,
    loadSchemas,
    ...learned,
    signal: signal ? AbortSignal.any([host.signal, signal]) : host.signal,
    onPull,
    turns,
    enter,
    readMeasured: () => (options.journal === false ? Promise.resolve([]) : readMeasuredIfPossible(host)),
    openRecorder: (run) =>
      options.journal === false && !run.further
        ? Promise.resolve(undefined)
        : openRecorderIfPossible({ ...run, isDetached }, host, onUnkept),
  });

  const execute: Orchestrator['execute'] = async (request, hooks) => {
    const context = contextOf(hooks);
    const run = await ('goOn' in request ? resumeRun(request, context) : startRun(request, context));
    try {
      await run.execute(hooks.onEvent, hooks.onPast);
    } finally {
      await run.close();
    }
  };
  const runToDocument = async (request: RunRequest | FurtherRequest, hooks: RunHooks): Promise<RunDocument> =>
    toDocument((watches) => execute(request, { ...hooks, ...watches }), hooks);

  return {
    agents,
    turns,
    runs: openRunStore(dataDirectory(host), host),
    execute,
    runTasks: (request, hooks = {}) => runToDocument({ ...request, run_type: 'tasks' }, hooks),
    runWorkflow: ({ steps, ...request }, hooks = {}) =>
      runToDocument({ ...request, tasks: steps, run_type: 'workflow' }, hooks),
    resumeRun: (run, { hosts, allowChangedModels } = {}, hooks = {}) =>
      runToDocument({ goOn: 'resume', run, hosts, allowChangedModels }, hooks),
    retryRun: (run, more = {}, hooks = {}) => runToDocument({ ...more, goOn: 'retry', run }, hooks),
    validateWorkflow: async (file) => {
      const { checkWorkflow } = await import('../spec/workflow/load-workflow.ts');
      return toWorkflowCheck(await checkWorkflow(file, { taskTypes: types, loadSchemas }, host));
    },
    plan: (request) => planOnly(request, contextOf({})),
    explain: async (request) => (await import('./explain.ts')).explainTasks(request, contextOf({})),
  };
}

async function planOnly(request: RunRequest, context: RunContext): Promise<PlanSnapshot> {
  const run = await startRun({ ...request, pull: false }, context);
  await run.close();
  const plan = run.plan();
  const predicted = await run.predict(plan);
  return { ...plan, ...(predicted && { predicted }) };
}

/** The document of a run, made from the events its watches see. */
async function toDocument(
  execute: (watches: { onEvent: Watch; onPast: Watch }) => Promise<void>,
  hooks: Pick<RunHooks, 'onEvent' | 'onPast'>,
): Promise<RunDocument> {
  let kept: RunRecord | undefined;
  const recordFor =
    (watch: Watch | undefined): Watch =>
    (event) => {
      kept = record(kept, event);
      watch?.(event);
    };
  await execute({ onEvent: recordFor(hooks.onEvent), onPast: recordFor(hooks.onPast) });
  if (!kept) throw new Error('a run ended without an event');
  return toRunDocument(kept);
}

type Watch = (event: RunEvent) => void;

/** A journal that cannot be opened is no reason not to work, unless a run in it is to go on. */
async function openRecorderIfPossible(
  run: RunToKeep,
  host: Host,
  onUnkept: (problem: Problem) => void,
): Promise<Recorder | undefined> {
  const { openRecorder } = await import('../journal/open-recorder.ts');
  const open = (): Promise<Recorder> => openRecorder(run, dataDirectory(host), host);
  if (run.further) return open();
  return ifPossible(open, (problem) => {
    onUnkept(problem);
    return undefined;
  });
}

/** What cannot be read is not known: whoever keeps the run tells why. */
async function readMeasuredIfPossible(host: Host): Promise<readonly MeasuredModel[]> {
  const { readMeasuredModels } = await import('../journal/measured-models.ts');
  return ifPossible(
    () => readMeasuredModels(dataDirectory(host)),
    () => [],
  );
}

function withTypes(added: readonly TaskDefinition[]): readonly TaskDefinition[] {
  const names = new Set(added.map(({ type }) => type));
  return [...taskTypes.filter(({ type }) => !names.has(type)), ...added];
}
