// In: the Spec, the settings and the Fleet. Out: the Plan. Pure.
import type { Kind } from '../lib/kinds.ts';
import { remember } from '../lib/remember.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { createClassifier } from '../routing/classify.ts';
import type { Route } from '../routing/route.ts';
import type { Budget, Spec, TaskSpec } from '../spec/spec.ts';
import { ownText } from '../spec/template/template.ts';
import { parseExtract, type AnswerForm } from '../tasks/answer-form.ts';
import type { OnTruncate } from '../tasks/define-task.ts';
import { createRouter, type TaskToRoute } from './create-router.ts';
import { topologicalOrder } from './graph.ts';
import { factsOf } from './model-facts.ts';
import type { Plan, PlanTask } from './plan.ts';

/** Everything a run is told besides its tasks; every value already taken from where it ranks highest. */
export interface RunSettings {
  agent: { name: string; id?: string | undefined };
  models: readonly string[];
  system?: string | undefined;
  default_model?: string | undefined;
  routing_preferences: Readonly<Record<string, string>>;
  fallback: boolean;
  /** What to type to get a model that is not installed. */
  installHint: (model: string) => string;
  maxConcurrent: number;
  /** Of one attempt: when given for the whole run, and when a task gives none itself. */
  timeoutMs: Layered<number>;
  retries: Layered<number>;
  model?: string | undefined;
  /** Options of the agent, and options given for the whole run, which win over the task's. */
  options: { agent: Record<string, unknown>; run: Record<string, unknown> };
  /** The form asked for for the whole run. */
  extract?: AnswerForm | undefined;
  onTruncate: Layered<OnTruncate>;
  keep_alive?: string | number | undefined;
  runTimeoutMs?: number | undefined;
  failFast: boolean;
  budget?: Budget | undefined;
}

/** A flag wins over the task, the agent does not. */
interface Layered<T> {
  run?: T | undefined;
  agent: T;
}

/** What a step has to do with that names an agent of its own. */
export interface StepAgent {
  settings: RunSettings;
  /** The servers of that agent. */
  fleet: Fleet;
}

/**
 * @param settings of the run's agent; limits of the run as a whole are taken from them alone
 * @param stepAgents agents that steps name, by the name they give
 */
export function planRun(
  spec: Spec,
  settings: RunSettings,
  fleet: Fleet,
  stepAgents: ReadonlyMap<string, StepAgent> = new Map(),
): Plan {
  const order = topologicalOrder(spec.tasks);
  const previous = spec.sequential ? new Map(order.slice(1).map((name, index) => [name, order[index]])) : undefined;
  const classify = remember(createClassifier());
  const byAgent = new Map([...stepAgents].map(([name, agent]) => [name, createPlanner(agent, classify)]));
  const own = createPlanner({ settings, fleet }, classify);
  const plannerOf = ({ agent = '' }: TaskSpec): Planner => byAgent.get(agent) ?? own;
  const hosts = [fleet, ...[...stepAgents.values()].map((agent) => agent.fleet)].flatMap((each) => each.hosts);
  return {
    run_type: spec.run_type,
    agent: settings.agent,
    tasks: spec.tasks.map((task) => planTask(task, previous?.get(task.name), plannerOf(task))),
    output_step: spec.output_step,
    limits: {
      maxConcurrent: settings.maxConcurrent,
      perHost: Object.fromEntries(hosts.flatMap(({ url, slots }) => (slots === undefined ? [] : [[url, slots]]))),
      runTimeoutMs: settings.runTimeoutMs,
      failFast: settings.failFast,
      budget: settings.budget,
    },
    facts: factsOf({ hosts }),
    keep_alive: settings.keep_alive,
  };
}

/** What plans the tasks of one agent. */
interface Planner {
  settings: RunSettings;
  classify: (text: string) => Kind;
  routeOnce: (task: TaskToRoute) => Route;
}

function createPlanner({ settings, fleet }: StepAgent, classify: Planner['classify']): Planner {
  return { settings, classify, routeOnce: createRouter(settings, fleet) };
}

function planTask(spec: TaskSpec, after: string | undefined, { settings, classify, routeOnce }: Planner): PlanTask {
  const kind = spec.definition.kind ?? classify(ownText(spec.prompt));
  const options = { ...settings.options.agent, ...spec.options, ...settings.options.run };
  const pinned = pinnedModel(spec, settings);
  const onTruncate = settings.onTruncate.run ?? spec.on_truncate ?? settings.onTruncate.agent;
  const routed = routeOnce({ spec, kind, pinned, options, onTruncate });
  const { candidates, warnings, missing, problem } = routed;
  return {
    spec,
    needs: spec.needs,
    after,
    kind,
    candidates,
    considered: routed.options,
    model_name: pinned,
    system: settings.system,
    options: Object.keys(options).length > 0 ? options : undefined,
    timeoutMs: settings.timeoutMs.run ?? spec.timeoutMs ?? settings.timeoutMs.agent,
    retries: settings.retries.run ?? spec.retries ?? settings.retries.agent,
    form: formFor(spec, settings),
    onTruncate,
    warnings: [...spec.warnings, ...warnings],
    missing,
    problem,
  };
}

/** A `format` says already what the output is to be; else a flag wins over the task. */
function formFor({ format, extract, definition: { uses } }: TaskSpec, settings: RunSettings): AnswerForm | undefined {
  if (format !== undefined && uses.includes('format')) {
    return { kind: 'json', isFormat: true, schema: format === 'json' ? undefined : format };
  }
  if (!uses.includes('extract')) return undefined;
  return settings.extract ?? (extract === undefined ? undefined : parseExtract(extract));
}

function pinnedModel(spec: TaskSpec, settings: RunSettings): string | undefined {
  return settings.model ?? spec.model_name;
}
