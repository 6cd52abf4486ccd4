import type { RunEvent } from '../events/event.ts';
import type { Host } from '../host/host.ts';

/** Events that wait for their turn. */
export interface Batches {
  /** Resolves once the event was written, rejects when it was not: then no later one is written either. */
  add: (event: RunEvent) => Promise<void>;
  /** Writes now what waits. */
  flush: () => void;
}

interface Waiting {
  event: RunEvent;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Longest wait of an event that nothing waits for. */
export const mostLateMs = 20;

/** Nothing goes on before such an event is kept. What else there is to keep can go with the next of them. */
const awaited: ReadonlySet<RunEvent['type']> = new Set(['run.started', 'task.finished', 'run.finished']);

/**
 * Gathers the events of one turn of the event loop into one change, and those before them that nothing waits for: many
 * tasks that begin or end at once then cost little more than one, and none waits for the journal before its prompt is sent.
 * @param write keeps all of them or none, and throws when it does not
 */
export function createBatches(
  write: (events: readonly RunEvent[]) => void,
  { soon, clock }: Pick<Host, 'soon' | 'clock'>,
): Batches {
  let waiting: Waiting[] = [];
  let failure: { error: unknown } | undefined;
  let isDueSoon = false;
  let stopTimer: (() => void) | undefined;
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    stopTimer?.();
    stopTimer = undefined;
    if (batch.length === 0) return;
    try {
      if (!failure) write(batch.map(({ event }) => event));
    } catch (error) {
      failure = { error };
    }
    for (const { resolve, reject } of batch) {
      if (failure) reject(failure.error);
      else resolve();
    }
  };
  const flushSoon = (): void => {
    if (isDueSoon) return;
    isDueSoon = true;
    soon(() => {
      isDueSoon = false;
      flush();
    });
  };
  const add = (event: RunEvent): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ event, resolve, reject });
      if (awaited.has(event.type)) flushSoon();
      else stopTimer ??= clock.after(mostLateMs, flush);
    });
  return { add, flush };
}
