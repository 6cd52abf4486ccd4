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
  readonly needs: TaskNode[];
  /** Tasks that take its output. */
  readonly dependents: TaskNode[];
  /** The `foreach` step it is an item of, and the element it is for. */
  readonly parent?: TaskNode | undefined;
  readonly item?: unknown;
  /** Of a `foreach` step, once it is expanded. */
  items?: Items | undefined;
  /** Of an item: whether its step has let it go on. */
  isReleased?: boolean;
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
  readonly notes: Warning[];
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

/** The tasks a `foreach` step became. */
export interface Items {
  readonly nodes: readonly TaskNode[];
  /** Those that may not start yet, in their order. */
  readonly waiting: TaskNode[];
  /** How many have not ended, and how many of those may start. */
  open: number;
  underWay: number;
}
