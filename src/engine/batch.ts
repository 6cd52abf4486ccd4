import type { Candidate } from '../events/plan-snapshot.ts';
import type { PriorityQueue } from '../lib/priority-queue.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { TaskNode } from './task-node.ts';

/** A model on a server. */
export interface Place {
  readonly host: string;
  /** As {@link normalizeModelName} has it. */
  readonly normalName: string;
}

/** The candidate that stands for a place, as the task spells it. */
export function candidateAt(candidates: readonly Candidate[], { host, normalName }: Place): Candidate | undefined {
  return candidates.find((each) => each.host === host && normalizeModelName(each.model) === normalName);
}

/** Takes the first task, and those right behind it that may share its request. */
export function takeBatch(waiting: PriorityQueue<TaskNode>, place: Place): TaskNode[] {
  const first = waiting.shift();
  if (!first) return [];
  const nodes = [first];
  const max = first.alone ? 1 : (first.plan.spec.definition.batch?.max ?? 1);
  for (let next = waiting.peek(); next && nodes.length < max && mayShare(first, next, place); next = waiting.peek()) {
    nodes.push(next);
    waiting.shift();
  }
  return nodes;
}

function mayShare({ plan }: TaskNode, next: TaskNode, place: Place): boolean {
  const { spec, options, timeoutMs, candidates } = next.plan;
  const spelled = candidateAt(candidates, place)?.model;
  return (
    !next.alone &&
    spec.definition === plan.spec.definition &&
    spelled === candidateAt(plan.candidates, place)?.model &&
    timeoutMs === plan.timeoutMs &&
    JSON.stringify(options) === JSON.stringify(plan.options)
  );
}
