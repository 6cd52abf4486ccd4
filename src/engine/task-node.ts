import type { Problem } from '../errors/problem.ts';
import type { Candidate } from '../events/plan-snapshot.ts';
import type { Metrics, TaskStatus, Warning } from '../events/run-document.ts';
import type { WireMetrics } from '../ollama/wire.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { Rejected } from '../tasks/define-task.ts';
import type { Output } from './output.ts';
import type { LoadOptions } from './load-options.ts';
import type { Urgency } from './urgency.ts';

export type EndStatus = Exclude<TaskStatus, 'pending' | 'running'>;

/** A task while the run goes on. */
export interface TaskNode extends Urgency {
  /** Items of a `foreach` step come between it and the next one. */
  readonly index: number;
  readonly plan: PlanTask;
  readonly name: string;
  readonly id: string;
  readonly createdAt: number;
  /** How it wants its model loaded. */
  readonly load: LoadOptions;
  state: 'blocked' | 'ready' | 'running' | 'retrying' | 'expanded' | 'finished';
  /** How many tasks it still waits for. */
  waitingFor: number;
  /** The tasks it needs. */
  needs: TaskNode[];
  /** Tasks that take its output. */
  dependents: TaskNode[];
  /** The `foreach` step it is an item of, and the element it is for. */
  readonly parent?: TaskNode | undefined;
  readonly item?: unknown;
  /** Of a `foreach` step, once it is expanded. */
  items?: Items | undefined;
  /** Of an item: whether its step has let it go on. */
  isReleased?: boolean | undefined;
  /** Of an item: what it leaves, until its step has ended. */
  output?: Output | undefined;
  /** The task that comes after it in a sequence. */
  follower?: TaskNode | undefined;
  /** When it could have run for the first time. */
  readyAt?: number | undefined;
  startedAt?: number | undefined;
  /** Where its last attempt went. */
  candidate?: Candidate | undefined;
  /** The prompt as sent. */
  input: string;
  /** Hash of what is asked, once that is known. */
  fingerprint?: string | undefined;
  readonly warnings: readonly Warning[];
  /** What there is to tell about this run of it, warnings of the plan apart. */
  notes: readonly Warning[];
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
  /** How it ended, and what it cost. */
  status?: EndStatus | undefined;
  metrics?: Metrics | undefined;
  /** The first task it needs that failed, or was skipped for a failure. */
  failedNeed?: TaskNode | undefined;
  /** What had arrived before its last attempt failed. */
  lastPartial?: string | undefined;
  /** Ends its wait for the next attempt. */
  cancelRetry?: (() => void) | undefined;
}

/** What a task is when it is made. */
export type NewTask = Pick<TaskNode, 'index' | 'name' | 'id' | 'plan' | 'createdAt' | 'load'> &
  Partial<Pick<TaskNode, 'parent' | 'item'>>;

/** Shared by the many tasks that have none: never added to. */
const none: never[] = [];

/** A task that has not begun. All its fields are there from the beginning: objects that grow take three times the memory. */
export function createTaskNode({ index, name, id, plan, createdAt, load, parent, item }: NewTask): TaskNode {
  return {
    index,
    name,
    id,
    plan,
    createdAt,
    load,
    parent,
    item,
    state: 'blocked',
    priority: plan.spec.priority ?? 0,
    pathLength: parent?.pathLength ?? 1,
    waitingFor: parent ? 0 : plan.needs.length + (plan.after === undefined ? 0 : 1),
    needs: parent?.needs ?? none,
    dependents: none,
    items: undefined,
    isReleased: false,
    output: undefined,
    follower: undefined,
    attempts: 0,
    readyAt: undefined,
    startedAt: undefined,
    candidate: undefined,
    input: '',
    fingerprint: undefined,
    warnings: plan.warnings,
    notes: none,
    fallback: undefined,
    alone: false,
    lastProblem: undefined,
    rejected: undefined,
    invalidAnswers: 0,
    spent: undefined,
    status: undefined,
    metrics: undefined,
    failedNeed: undefined,
    lastPartial: undefined,
    cancelRetry: undefined,
  };
}

/**
 * Lets go of what an ended task had for its attempts, once its end was told.
 * @param isOneOfMany nobody will look at what it cost, and where
 */
export function forgetAttempts(node: TaskNode, isOneOfMany: boolean): void {
  node.input = '';
  node.fingerprint = undefined;
  node.notes = none;
  node.fallback = undefined;
  node.rejected = undefined;
  node.spent = undefined;
  node.lastPartial = undefined;
  node.cancelRetry = undefined;
  if (!isOneOfMany) return;
  node.candidate = undefined;
  if (!node.parent) node.metrics = undefined;
}

/** The tasks a `foreach` step became. */
export interface Items {
  readonly nodes: readonly TaskNode[];
  /** Those that may not start yet, in their order. */
  readonly waiting: TaskNode[];
  /** How many have not ended, and how many of those may start. */
  open: number;
  underWay: number;
}
