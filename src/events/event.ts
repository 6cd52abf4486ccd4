import type { Problem } from '../errors/problem.ts';
import type { PlanSnapshot } from './plan-snapshot.ts';
import type { RunStatus, RunType, TaskEntry, Totals } from './run-document.ts';

/**
 * Everything that happens in a run. The engine emits these and nothing else; views, documents and the exit code are
 * made from them. Events with a `seq` are durable: they are kept by a journal and counted without a gap.
 */
export type RunEvent =
  | RunStarted
  | TaskWaiting
  | TaskExpanded
  | TaskStarted
  | TaskDelta
  | TaskRetrying
  | TaskFinished
  | HostChanged
  | RunFinished;

interface Envelope {
  /** RFC 3339, UTC. */
  at: string;
  run_id: string;
}

interface Durable extends Envelope {
  /** 1, 2, 3 … within the run. */
  seq: number;
}

interface AboutTask {
  /** Name of the task. */
  task: string;
  task_id: string;
}

/** The plan is made; no prompt was sent yet. */
export interface RunStarted extends Durable {
  type: 'run.started';
  /** Of this program. */
  version: string;
  run_type: RunType;
  agent: string;
  agent_id?: string | undefined;
  /** The step whose output is the result of the workflow; absent: the last one of the plan. */
  output_step?: string | undefined;
  plan: PlanSnapshot;
}

/** A task cannot start yet, and why. */
export interface TaskWaiting extends Envelope, AboutTask {
  type: 'task.waiting';
  for: 'needs' | 'slot' | 'model' | 'turn' | 'retry';
  detail: string;
}

/** A template step became this many tasks. */
export interface TaskExpanded extends Durable, AboutTask {
  type: 'task.expanded';
  items: number;
}

/** A request is about to be sent. */
export interface TaskStarted extends Durable, AboutTask {
  type: 'task.started';
  /** 1 for the first. */
  attempt: number;
  /** Absent for a task that runs in this process. */
  model?: string | undefined;
  host?: string | undefined;
  reasons: string[];
}

/** A piece of an answer. */
export interface TaskDelta extends Envelope, AboutTask {
  type: 'task.delta';
  /** `seq` of the last durable event before it. */
  after: number;
  attempt: number;
  channel: 'text' | 'thinking';
  /** UTF-16 units of this channel in this attempt before this piece. */
  offset: number;
  text: string;
}

/** An attempt failed; another one follows after the delay. */
export interface TaskRetrying extends Durable, AboutTask {
  type: 'task.retrying';
  /** The attempt that failed. */
  attempt: number;
  delay_ns: number;
  problem: Problem;
}

/** A task has ended: the whole {@link TaskEntry}, its `type` as `task_type`, its `name` and `id` as `task` and `task_id`. */
export interface TaskFinished extends Durable, AboutTask, Omit<TaskEntry, 'id' | 'name' | 'type'> {
  type: 'task.finished';
  task_type: string;
}

/** A server was lost, is rested, or is back. */
export interface HostChanged extends Envelope {
  type: 'host.changed';
  host: string;
  state: 'up' | 'resting' | 'down';
  problem?: Problem | undefined;
}

/** The run has ended. */
export interface RunFinished extends Durable {
  type: 'run.finished';
  status: RunStatus;
  totals: Totals;
  error?: string | undefined;
  problem?: Problem | undefined;
}

/** An event before the engine stamped it with time, run and number. */
export type UnstampedEvent = RunEvent extends infer E
  ? E extends RunEvent
    ? Omit<E, 'at' | 'run_id' | 'seq' | 'after'>
    : never
  : never;

/** The entry of a finished task, from its event. */
export function toTaskEntry(event: TaskFinished): TaskEntry {
  const { type: _type, seq: _seq, at: _at, run_id: _run, task, task_id, task_type, ...entry } = event;
  return { id: task_id, name: task, type: task_type, ...entry };
}
