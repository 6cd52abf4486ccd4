import type { Clock } from '../host/host.ts';

/** A timer that fires this much too late means that the process was suspended or its machine slept. */
const graceMs = 1_000;

/**
 * Calls back when the time is over, unless the returned function is called before. After a suspension, what has
 * arrived in the meantime gets a moment to be read first.
 */
export function startDeadline(ms: number, clock: Clock, onExpired: () => void): () => void {
  const due = clock.now() + ms;
  let cancel = clock.after(Math.min(ms, longestTimerMs), function fire() {
    const overdue = clock.now() - due;
    if (overdue < 0) cancel = clock.after(Math.min(-overdue, longestTimerMs), fire);
    else if (overdue > graceMs) cancel = clock.after(graceMs, onExpired);
    else onExpired();
  });
  return () => cancel();
}

/** Longer timers fire at once in Node. */
const longestTimerMs = 2 ** 31 - 1;

/** Runs a short request that must not hold up the run: its signal is aborted when the run stops, or the time is over. */
export async function withinTime<T>(
  ms: number,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const cancel = startDeadline(ms, clock, () => controller.abort(new Error(`no answer within ${ms} ms`)));
  try {
    return await work(controller.signal);
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
  }
}
