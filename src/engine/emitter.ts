import { ProblemError, type Problem } from '../errors/problem.ts';
import type { RunEvent, UnstampedEvent } from '../events/event.ts';
import type { Clock } from '../host/host.ts';
import { Fifo } from '../lib/fifo.ts';

/**
 * Keeps durable events, in the order in which it is given them and before they are shown. Once it has refused one it
 * keeps none of those that follow.
 */
export type Record = (event: RunEvent) => Promise<void> | void;

export interface Emitter {
  /** Shows an event to all watchers. */
  emit: (event: UnstampedEvent) => void;
  /**
   * Keeps and then shows an event. What cannot be kept is not shown; `instead` says what is.
   * @returns why it could not be kept, once something was shown
   */
  commit: (event: UnstampedEvent, instead?: (problem: Problem) => UnstampedEvent) => Promise<Problem | undefined>;
}

export interface EmitterOptions {
  runId: string;
  clock: Clock;
  show: (event: RunEvent) => void;
  record?: Record | undefined;
  /** Number of the last event of earlier parts of the run. */
  lastSeq?: number | undefined;
  /** Called when a watcher threw, and with a ProblemError when an event could not be kept: nothing is kept from then on. */
  onFailure: (error: unknown) => void;
}

const durableTypes: ReadonlySet<RunEvent['type']> = new Set([
  'run.started',
  'task.expanded',
  'task.started',
  'task.retrying',
  'task.finished',
  'run.finished',
]);

/** Stamps events with run, time and number, and hands them on in the order of their numbers. */
export function createEmitter({ runId, clock, show, record, onFailure, lastSeq = 0 }: EmitterOptions): Emitter {
  let seq = lastSeq;
  /** Why nothing is kept any more. */
  let lost: Problem | undefined;
  const inOrder = createQueue();
  const numberOf = ({ type }: UnstampedEvent): { seq?: number; after?: number } => {
    if (durableTypes.has(type)) return { seq: ++seq };
    return type === 'task.delta' ? { after: seq } : {};
  };
  const stamp = (event: UnstampedEvent, number = numberOf(event)): RunEvent => {
    const at = new Date(clock.now()).toISOString();
    return { ...event, ...number, at, run_id: runId } as RunEvent;
  };
  const lose = (error: unknown): Problem => {
    const notKept = recordFailed(error);
    if (!lost) onFailure(notKept);
    return (lost ??= notKept.problem);
  };
  const showSafely = (event: RunEvent): void => {
    try {
      show(event);
    } catch (error) {
      onFailure(error);
    }
  };
  /** Handed over at once, so that what is told together can be kept together; undefined when nothing is to be kept. */
  const keep = (event: RunEvent): Promise<void> | undefined =>
    record && !lost && 'seq' in event ? attempt(record, event) : undefined;
  return {
    emit: (event) => {
      const stamped = stamp(event);
      const kept = keep(stamped)?.catch(lose);
      inOrder(() => (kept ? kept.then(() => showSafely(stamped)) : showSafely(stamped)));
    },
    commit: (event, instead = () => event) => {
      const stamped = stamp(event);
      const number = 'seq' in stamped ? { seq: stamped.seq } : {};
      const kept = keep(stamped)?.then(() => undefined, lose);
      return new Promise((resolve) => {
        const settle = (problem?: Problem): void => {
          showSafely(problem ? stamp(instead(problem), number) : stamped);
          resolve(problem);
        };
        inOrder(() => (kept ? kept.then(settle) : settle(lost)));
      });
    },
  };
}

async function attempt(record: Record, event: RunEvent): Promise<void> {
  await record(event);
}

function recordFailed(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ProblemError({ code: 'storage-failed', message: `the record of the run cannot be written: ${reason}` });
}

type Step = () => Promise<void> | void;

/** Runs steps one after another; at once where nothing is under way. Steps do not throw. */
function createQueue(): (step: Step) => void {
  const waiting = new Fifo<Step>();
  let busy = false;
  const drain = async (): Promise<void> => {
    busy = true;
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const pending = step();
      if (pending) await pending;
    }
    busy = false;
  };
  return (step) => {
    waiting.push(step);
    if (!busy) void drain();
  };
}
