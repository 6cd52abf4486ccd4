import type { Problem } from '../errors/problem.ts';
import type { TaskFinished, UnstampedEvent } from '../events/event.ts';
import type { Metrics, TaskStatus, Warning } from '../events/run-document.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';
import { showTemplate } from '../spec/template/template.ts';
import type { TaskOutcome } from '../tasks/define-task.ts';
import type { TaskNode } from './task-node.ts';

/** How a task ended. */
export interface TaskEnd {
  status: Exclude<TaskStatus, 'pending' | 'running'>;
  outcome?: TaskOutcome | undefined;
  structured?: unknown;
  /** The answer, where the output is only a part of it. */
  fullOutput?: string | undefined;
  problem?: Problem | undefined;
  /** What had arrived before a failure. */
  partial?: string | undefined;
  metrics?: Metrics | undefined;
  warnings?: readonly Warning[] | undefined;
}

type UnstampedFinished = UnstampedEvent & Pick<TaskFinished, 'type' | 'task'>;

/** The whole entry of a task, as its `task.finished` carries it. Fields that do not apply are absent. */
export function toFinishedEvent(
  node: TaskNode,
  end: TaskEnd,
  { digest, finishedAt }: { digest: string | undefined; finishedAt: number },
): UnstampedFinished {
  const { plan, candidate, warnings, fallback, notes } = node;
  const wasAsked = node.attempts > 0 || end.status === 'reused';
  const { status, outcome, problem, partial, metrics } = end;
  const isSuccess = status === 'completed' || status === 'reused';
  const allWarnings = [
    ...warnings,
    ...notes,
    ...(fallback && node.attempts > 0 ? [fallback] : []),
    ...(end.warnings ?? []),
  ];
  return withoutUndefined<UnstampedFinished>({
    type: 'task.finished',
    task: node.name,
    task_id: node.id,
    task_type: plan.spec.definition.type,
    input: node.input === '' ? showTemplate(plan.spec.prompt) : node.input,
    status,
    created_at: new Date(node.createdAt).toISOString(),
    completed_at: new Date(finishedAt).toISOString(),
    output: isSuccess ? outcome?.output : undefined,
    embedding: isSuccess ? outcome?.embedding : undefined,
    full_output: isSuccess ? end.fullOutput : undefined,
    partial_output: isSuccess || partial === '' ? undefined : partial,
    thinking: outcome?.thinking,
    tool_calls: outcome?.tool_calls,
    structured: end.structured,
    model_name: plan.model_name,
    model_used: wasAsked ? candidate?.model : undefined,
    host: wasAsked ? candidate?.host : undefined,
    model_digest: wasAsked ? digest : undefined,
    fingerprint: node.fingerprint,
    kind: plan.kind,
    reasons: candidate ? [...candidate.reasons] : undefined,
    needs: [...plan.needs],
    attempts: node.attempts,
    done_reason: outcome?.metrics?.done_reason,
    parameters: plan.spec.parameters,
    warnings: allWarnings.length > 0 ? allWarnings : undefined,
    metrics,
    error: problem?.message,
    problem: problem && { ...problem, task: node.name },
  });
}

/** The entry of a task whose end could not be kept: its output must not be relied on. */
export function withoutOutput(event: UnstampedFinished, problem: Problem): UnstampedFinished {
  if (event.status !== 'completed') return event;
  const { output, embedding: _embedding, structured: _structured, full_output = output, ...rest } = event;
  const { message: error } = problem;
  return { ...rest, status: 'failed', ...(output !== '' && { partial_output: full_output }), error, problem };
}
