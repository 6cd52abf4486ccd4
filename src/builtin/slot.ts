import { Fifo } from '../lib/fifo.ts';

/** Waits for one's turn, first come first served, and resolves to what ends it. Rejects with the reason of the signal. */
export type Slot = (signal: AbortSignal) => Promise<() => void>;

/** One place that is held by one request at a time. */
export function createSlot(): Slot {
  const waiting = new Fifo<{ start: () => void; signal: AbortSignal }>();
  let isTaken = false;

  const release = (): void => {
    let next = waiting.shift();
    while (next?.signal.aborted) next = waiting.shift();
    if (next) next.start();
    else isTaken = false;
  };

  return async (signal) => {
    signal.throwIfAborted();
    if (isTaken) await new Promise<void>((start, reject) => waitInLine(waiting, { start, reject, signal }));
    isTaken = true;
    return onlyOnce(release);
  };
}

function waitInLine(
  waiting: Fifo<{ start: () => void; signal: AbortSignal }>,
  { start, reject, signal }: { start: () => void; reject: (reason: Error) => void; signal: AbortSignal },
): void {
  const leave = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', leave, { once: true });
  waiting.push({
    signal,
    start: () => {
      signal.removeEventListener('abort', leave);
      start();
    },
  });
}

function onlyOnce(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
