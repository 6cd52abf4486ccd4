import type { Problem } from '../errors/problem.ts';
import type { Candidate } from '../events/plan-snapshot.ts';
import type { Warning } from '../events/run-document.ts';
import type { WireMetrics } from '../ollama/wire.ts';
import type { Plan, PlanTask } from '../plan/plan.ts';
import type { Rejected } from '../tasks/define-task.ts';
import { loadOptionsOf, type LoadOptions } from './load-options.ts';

/** A task while the run goes on. */
export interface TaskNode {
  readonly index: number;
  readonly plan: PlanTask;
  readonly name: string;
  readonly id: string;
  readonly createdAt: number;
  /** How it wants its model loaded. */
  readonly load: LoadOptions;
  state: 'blocked' | 'ready' | 'running' | 'retrying' | 'finished';
  /** How many tasks it still waits for. */
  waitingFor: number;
  /** Tasks that take its output. */
  readonly dependents: TaskNode[];
  /** The task that comes after it in a sequence. */
  follower?: TaskNode | undefined;
  /** Requests sent so far. */
  attempts: number;
  /** When it could have run for the first time. */
  readyAt?: number | undefined;
  startedAt?: number | undefined;
  /** Where its last attempt went. */
  candidate?: Candidate | undefined;
  /** The prompt as sent. */
  input: string;
  readonly warnings: readonly Warning[];
  /** Set when it goes elsewhere than its plan would have it. */
  fallback?: Warning | undefined;
  /** It shared a request that failed: now it gets one of its own. */
  alone: boolean;
  lastProblem?: Problem | undefined;
  /** The answer that the next request is to have mended. */
  rejected?: Rejected | undefined;
  /** Answers that were not of the form asked for. */
  invalidAnswers: number;
  /** What its answers cost so far. */
  spent?: WireMetrics | undefined;
  /** The failed task at the root of why it was skipped. */
  failedNeed?: TaskNode | undefined;
  /** What had arrived before its last attempt failed. */
  lastPartial?: string | undefined;
  /** Ends its wait for the next attempt. */
  cancelRetry?: (() => void) | undefined;
}

/** The nodes of a plan, in its order, tied to each other. */
export function createNodes({ tasks }: Plan, newId: () => string, now: number): TaskNode[] {
  const nodes = tasks.map((plan, index): TaskNode => ({
    index,
    plan,
    name: plan.spec.name,
    id: newId(),
    createdAt: now,
    load: loadOptionsOf(plan.options),
    state: 'blocked',
    waitingFor: plan.needs.length + (plan.after === undefined ? 0 : 1),
    dependents: [],
    attempts: 0,
    input: '',
    warnings: plan.warnings,
    alone: false,
    invalidAnswers: 0,
  }));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const node of nodes) {
    for (const need of node.plan.needs) byName.get(need)?.dependents.push(node);
    const before = node.plan.after === undefined ? undefined : byName.get(node.plan.after);
    if (before) before.follower = node;
  }
  return nodes;
}
