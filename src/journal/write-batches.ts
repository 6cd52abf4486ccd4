import type { RunEvent } from '../events/event.ts';

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

/**
 * Gathers the events of one turn of the event loop into one change: many tasks that begin or end at once then cost
 * little more than one, and none has to wait for the journal before its prompt is sent.
 * @param write keeps all of them or none, and throws when it does not
 */
export function createBatches(
  write: (events: readonly RunEvent[]) => void,
  soon: (callback: () => void) => void,
): Batches {
  let waiting: Waiting[] = [];
  let failure: { error: unknown } | undefined;
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
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
  const add = (event: RunEvent): Promise<void> =>
    new Promise((resolve, reject) => {
      if (waiting.push({ event, resolve, reject }) === 1) soon(flush);
    });
  return { add, flush };
}
