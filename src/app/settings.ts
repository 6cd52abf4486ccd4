import { agentDefaults, effectiveConfig, type EffectiveConfig } from '../agents/effective-config.ts';
import type { Agent, AgentConfig, BudgetLimits } from '../agents/schema.ts';
import type { Environment } from '../host/host.ts';
import { ProblemError } from '../errors/problem.ts';
import type { RunSettings } from '../plan/plan-run.ts';
import type { WorkflowSettings } from '../spec/spec.ts';
import { parseExtract, type AnswerForm } from '../tasks/answer-form.ts';
import { mergeLimits, toBudget, toLimits } from './budget.ts';

/** What a caller may say about one run; it wins over tasks, agent and environment. */
export interface RunOptions {
  /** Addresses of the servers. */
  hosts?: readonly string[] | undefined;
  backend?: AgentConfig['backend'];
  /** Model of every task. */
  model?: string | undefined;
  /** Do every task once with each model of the agent that can do it. */
  eachModel?: boolean | undefined;
  /** Most requests in flight, in place of the agent's `max_concurrent_tasks`. */
  concurrency?: number | undefined;
  /** Of one attempt, from sending to the last byte. */
  timeoutMs?: number | undefined;
  runTimeoutMs?: number | undefined;
  /** Limits of the whole run: when one is reached nothing new starts. Each wins for itself over the agent's. */
  budget?: BudgetLimits | undefined;
  retries?: number | undefined;
  /** After a failure nothing new starts. */
  failFast?: boolean | undefined;
  /** Model options such as `num_ctx`, for every task. */
  options?: Readonly<Record<string, unknown>> | undefined;
  /** Output of plain tasks: `json`, `code` or `code:LANGUAGE` in place of the whole answer. */
  extract?: string | undefined;
  /** What becomes of a task whose prompt the server cuts; default `fail`. */
  onTruncate?: AgentConfig['on_truncate'];
  /** Go-style duration or seconds; see the server's own words for it. */
  keep_alive?: string | number | undefined;
  /** Get models that are missing first. */
  pull?: boolean | undefined;
  /**
   * Take answers of earlier runs to what was asked before, of the same weights; `all`: also those that would be others
   * every time.
   */
  reuse?: boolean | 'all' | undefined;
  /** Take all answers from this run, or file of its events, and ask no server. */
  replay?: string | undefined;
}

/** What a caller says about a run, else what its workflow file says. */
export function withWorkflowSettings<O extends RunOptions>(options: O, settings: WorkflowSettings = {}): O {
  return {
    ...options,
    concurrency: options.concurrency ?? settings.max_parallel,
    runTimeoutMs: options.runTimeoutMs ?? settings.timeoutMs,
    failFast: options.failFast ?? settings.fail_fast,
    budget: mergeLimits(options.budget, toLimits(settings.budget)),
  };
}

/** The agent's values with this run's in front, each with its origin. */
export function resolveConfig(agent: Pick<Agent, 'config'>, options: RunOptions, env: Environment): EffectiveConfig {
  const { hosts, backend, keep_alive, concurrency } = options;
  const flags = { hosts: hosts && [...hosts], backend, keep_alive, max_concurrent_tasks: concurrency };
  return effectiveConfig(agent.config, env, flags);
}

/** Everything the plan must know besides tasks and servers. */
export function toRunSettings(
  agent: Pick<Agent, 'name' | 'models' | 'system'> & { id?: string },
  config: EffectiveConfig,
  options: RunOptions,
): RunSettings {
  const valueOf = <K extends keyof typeof agentDefaults>(key: K): NonNullable<AgentConfig[K]> =>
    config[key]?.value ?? agentDefaults[key];
  const isBuiltin = valueOf('backend') === 'builtin';
  return {
    agent: { name: agent.name, id: agent.id },
    models: agent.models,
    system: agent.system,
    default_model: config.default_model?.value,
    routing_preferences: valueOf('routing_preferences'),
    fallback: valueOf('fallback'),
    installHint: isBuiltin ? () => builtinHint : (model) => `ollama pull ${model}, or add --pull`,
    maxConcurrent: valueOf('max_concurrent_tasks'),
    timeoutMs: { run: options.timeoutMs, agent: valueOf('timeout_seconds') * 1e3 },
    retries: { run: options.retries, agent: valueOf('retries') },
    model: options.model,
    options: { agent: valueOf('options'), run: { ...options.options } },
    extract: options.extract === undefined ? undefined : readExtract(options.extract),
    onTruncate: { run: options.onTruncate, agent: valueOf('on_truncate') },
    keep_alive: config.keep_alive?.value,
    runTimeoutMs: options.runTimeoutMs,
    failFast: options.failFast ?? false,
    budget: toBudget(mergeLimits(options.budget, config.budget?.value)),
  };
}

const builtinHint =
  'ollama-orchestrate builtin install brings smollm2:135m; any other model is named by the path of its .gguf file';

function readExtract(text: string): AnswerForm {
  const form = parseExtract(text);
  if (form) return form;
  const message = `extract '${text.slice(0, 80)}' is not json, code or code:LANGUAGE`;
  throw new ProblemError({ code: 'usage-invalid', message, hint: 'for example code:python' });
}
