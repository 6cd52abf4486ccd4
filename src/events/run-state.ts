import type { Problem } from '../errors/problem.ts';
import type { HostChanged, TaskWaiting } from './event.ts';
import type { Metrics, RunStatus, RunType, TaskStatus, Totals, Warning } from './run-document.ts';

/** Where a run stands. It holds no outputs: a hundred thousand tasks must fit into memory. */
export interface RunState {
  run_id: string;
  version: string;
  run_type: RunType;
  agent: string;
  agent_id?: string | undefined;
  /** The step whose output is the result of the workflow; absent: the last one of the plan. */
  output_step?: string | undefined;
  status: RunStatus;
  started_at: string;
  /** When the part began that goes on now, or was the last one. */
  part_started_at: string;
  /** How long the parts before it took. */
  earlier_ns: number;
  completed_at?: string | undefined;
  /** Time of the newest event. */
  last_at: string;
  /** By name, in the order of the plan; the items of a template step come after all planned tasks. */
  tasks: Map<string, TaskState>;
  /** The tasks of {@link tasks} with a request in flight, and steps whose items go on, in the order they started. */
  running: Set<TaskState>;
  /** The tasks of {@link tasks} that wait for a further attempt. */
  retrying: Set<TaskState>;
  /** The tasks of {@link tasks} that have not been started. */
  pending: Set<TaskState>;
  /** Planned tasks per status. Items of a template step are not counted. */
  counts: Record<TaskStatus, number>;
  hosts: Map<string, HostState>;
  /** Sums so far; after `run.finished` what that says. */
  totals: Totals;
  error?: string | undefined;
  problem?: Problem | undefined;
}

export interface TaskState {
  name: string;
  id?: string | undefined;
  type: string;
  /** The prompt as planned, placeholders not filled in. */
  input: string;
  kind: string;
  needs: readonly string[];
  /** Its failure is none of the run. */
  continue_on_error?: boolean | undefined;
  /** How many tasks it became; absent unless it is a template step. */
  items?: number | undefined;
  /** How many of those have ended. */
  items_ended?: number | undefined;
  /** The template step it is an item of. */
  parent?: string | undefined;
  status: TaskStatus;
  /** The model of the plan's first candidate. */
  preferred_model?: string | undefined;
  model?: string | undefined;
  host?: string | undefined;
  reasons: readonly string[];
  /** How many times a request was sent. */
  attempts: number;
  /** Why it does not run now; absent while it runs and after it has ended. */
  waiting?: Waiting | undefined;
  /** How the attempt before the present or coming one ended. */
  retry?: Retry | undefined;
  started_at?: string | undefined;
  attempt_at?: string | undefined;
  first_piece_at?: string | undefined;
  completed_at?: string | undefined;
  /** Deltas of the current attempt: servers send one token in each. */
  pieces: number;
  done_reason?: string | undefined;
  metrics?: Metrics | undefined;
  warnings: readonly Warning[];
  problem?: Problem | undefined;
}

export interface Waiting {
  for: TaskWaiting['for'];
  detail: string;
}

export interface Retry {
  problem: Problem;
  /** When that was, and how long it waits from then on. */
  at: string;
  delay_ns: number;
}

export interface HostState {
  state: HostChanged['state'];
  problem?: Problem | undefined;
}
