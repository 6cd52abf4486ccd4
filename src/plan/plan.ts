import type { Kind } from '../lib/kinds.ts';
import type { Problem } from '../errors/problem.ts';
import type { Candidate, PlannedTask, PlanSnapshot } from '../events/plan-snapshot.ts';
import type { RunType, Warning } from '../events/run-document.ts';
import type { Budget, TaskSpec } from '../spec/spec.ts';
import { showTemplate } from '../spec/template.ts';
import { formatForm, type AnswerForm } from '../tasks/answer-form.ts';
import type { OnTruncate } from '../tasks/define-task.ts';
import type { ModelFacts } from './model-facts.ts';
import { createPromptSizer } from './prompt-size.ts';
import { longestPath, stagesOf, waitsFor } from './stages.ts';

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
  /** Most requests in flight per server and model. */
  perModel: number;
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

/** The plan as events, `--dry-run` and REST show it; in a dry run no task has an id. */
export function toPlanSnapshot(plan: Plan, idOf: (task: string) => string | undefined = () => undefined): PlanSnapshot {
  const sizeOf = createPromptSizer(plan);
  return {
    tasks: plan.tasks.map((task) => {
      const { spec, needs, after, kind, candidates, form, problem } = task;
      const { warning, ...size } = sizeOf(task);
      const warnings = [...task.warnings, ...(warning ? [warning] : [])];
      return {
        task: spec.name,
        task_id: idOf(spec.name),
        type: spec.definition.type,
        input: showTemplate(spec.prompt),
        needs: [...needs],
        ...(after !== undefined && !needs.includes(after) && { after }),
        kind,
        candidates: candidates.map((candidate) => ({ ...candidate, reasons: [...candidate.reasons] })),
        ...toSteering(spec),
        ...(form && { form: formatForm(form) }),
        ...size,
        ...(warnings.length > 0 && { warnings }),
        ...(problem && { problem }),
      };
    }),
    ...toOrder(plan),
  };
}

/** Nothing where no task waits for another: 100,000 names would say nothing. */
function toOrder({ tasks }: Plan): Pick<PlanSnapshot, 'order' | 'longest_path'> {
  if (tasks.every(({ needs, after }) => needs.length === 0 && after === undefined)) return {};
  const nodes = tasks.map(({ spec, needs, after }) => ({ name: spec.name, needs: waitsFor({ needs, after }) }));
  const stages = stagesOf(nodes);
  return { order: [...stages.keys()], longest_path: longestPath(nodes, stages) };
}

/** What decides whether, how often and by whom a step is done. */
function toSteering({ condition, foreach, continue_on_error, agent }: TaskSpec): Partial<PlannedTask> {
  return {
    ...(condition && { if: condition.source }),
    ...(foreach && { foreach: 'source' in foreach.in ? foreach.in.source : foreach.in.length }),
    ...(continue_on_error === true && { continue_on_error }),
    ...(agent !== undefined && { agent }),
  };
}
