import type { RunEvent, UnstampedEvent } from '../events/event.ts';
import type { Clock } from '../host/host.ts';
import { Fifo } from '../lib/fifo.ts';

/** Keeps durable events. Its promise is awaited only for a `task.finished`: dependents start after that is kept. */
export type Record = (event: RunEvent) => Promise<void> | void;

export interface Emitter {
  /** Shows an event to all watchers. */
  emit: (event: UnstampedEvent) => void;
  /** Keeps and then shows an event; resolves when both are done. Later events wait behind it. */
  commit: (event: UnstampedEvent) => Promise<void>;
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
export function createEmitter(
  runId: string,
  clock: Clock,
  show: (event: RunEvent) => void,
  record: Record = () => undefined,
): Emitter {
  let seq = 0;
  const stamp = (event: UnstampedEvent): RunEvent => {
    const at = new Date(clock.now()).toISOString();
    const number = durableTypes.has(event.type) ? { seq: ++seq } : event.type === 'task.delta' ? { after: seq } : {};
    return { ...event, ...number, at, run_id: runId } as RunEvent;
  };
  const inOrder = createQueue();
  return {
    emit: (event) => {
      const stamped = stamp(event);
      inOrder(() => {
        if ('seq' in stamped) void record(stamped);
        show(stamped);
      });
    },
    commit: (event) => {
      const stamped = stamp(event);
      return new Promise((resolve, reject) => {
        inOrder(() => {
          const kept = record(stamped);
          if (kept) return kept.then(() => show(stamped)).then(resolve, reject);
          show(stamped);
          resolve();
        });
      });
    },
  };
}

type Step = () => Promise<void> | void;

/** Runs steps one after another; at once where nothing is under way. */
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
