import type { Kind } from '../lib/kinds.ts';
import type { Problem } from '../errors/problem.ts';
import type { Candidate } from '../events/plan-snapshot.ts';
import type { RunType, Warning } from '../events/run-document.ts';
import type { Budget, TaskSpec } from '../spec/spec.ts';
import type { AnswerForm } from '../tasks/answer-form.ts';
import type { RouteOption } from '../routing/define-rule.ts';
import type { OnTruncate } from '../tasks/define-task.ts';
import type { ModelFacts } from './model-facts.ts';

/** What will be done: every task with its needs and the models it may go to. */
export interface Plan {
  run_type: RunType;
  agent: { name: string; id?: string | undefined };
  tasks: PlanTask[];
  /** The step whose output is the result; absent: the last one. */
  output_step?: string | undefined;
  limits: RunLimits;
  /** What is known of the models, by {@link modelKey}. */
  facts?: ReadonlyMap<string, ModelFacts> | undefined;
  /** Sent once per host and model before the first prompt, or as an unload after the last when it is zero. */
  keep_alive?: string | number | undefined;
}

export interface RunLimits {
  /** Most requests in flight over all servers. */
  maxConcurrent: number;
  /** Most requests in flight per server; a server without an entry has no limit of its own. */
  perHost: Readonly<Record<string, number>>;
  runTimeoutMs?: number | undefined;
  /** After a failure nothing new starts. */
  failFast: boolean;
  budget?: Budget | undefined;
}

export interface PlanTask {
  spec: TaskSpec;
  /** Tasks whose outputs it takes; it is skipped when one of them fails. */
  needs: readonly string[];
  /** A task it waits for without needing it: the one before, in a sequence. */
  after?: string | undefined;
  kind: Kind;
  candidates: readonly Candidate[];
  /** All that was looked at when it was routed, best first, with what was dropped. */
  considered?: readonly RouteOption[] | undefined;
  /** The model the user named: no other may stand in. */
  model_name?: string | undefined;
  system?: string | undefined;
  options: Record<string, unknown> | undefined;
  timeoutMs: number;
  retries: number;
  /** What its output is to be; absent: the whole answer. */
  form?: AnswerForm | undefined;
  onTruncate: OnTruncate;
  warnings: readonly Warning[];
  /** The model it should go to, where that is not installed. */
  missing?: Candidate | undefined;
  /** Why it cannot run at all. */
  problem?: Problem | undefined;
}
