// In: the servers that may do the tasks of a queue. Out: which of them should. Pure.

/** A server as far as one queue is concerned. */
export interface Worker {
  /** Milliseconds until it could begin with another task: what is under way there, and a load where one is needed. */
  freeInMs: number;
  /** From one answer to the next. */
  answerMs: number;
}

/** Milliseconds until a task that a server is given now would be done. */
export function endsInMs({ freeInMs, answerMs }: Worker): number {
  return freeInMs + answerMs;
}

/**
 * Milliseconds until so many tasks are done when each of these servers takes the next one as soon as it is free: never
 * less than the first of them needs for one.
 */
export function doneInMs(tasks: number, workers: readonly Worker[]): number {
  const first = Math.min(...workers.map(endsInMs));
  let together = Infinity;
  let rate = 0;
  let done = tasks;
  for (const { freeInMs, answerMs } of workers.toSorted((a, b) => a.freeInMs - b.freeInMs)) {
    // Those before have done everything by the time this one is free.
    if (freeInMs >= together) break;
    rate += 1 / answerMs;
    done += freeInMs / answerMs;
    together = done / rate;
  }
  return Math.max(first, together);
}

/** Whether a server should take one of so many tasks: not when the others would be done with all of them before it is with one. */
export function isWorthwhile(worker: Worker, tasks: number, others: readonly Worker[]): boolean {
  return others.length === 0 || endsInMs(worker) <= doneInMs(tasks, others);
}
