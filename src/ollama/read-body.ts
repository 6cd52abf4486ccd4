import { ProblemError, type Problem } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';

export interface ReadOptions {
  clock: Clock;
  /** Longest silence between two chunks; 0: no limit. */
  gapTimeoutMs: number;
  signal: AbortSignal;
  onStall: () => Problem;
}

/** How late a timer may be before we believe that the whole process was asleep. */
const asleepMs = 1000;
/** What arrived while we were busy or asleep is delivered within this time. */
const graceMs = 100;

/**
 * The chunks of an answer. Silence counts only while we wait for a chunk and after the first one: what comes before is
 * the server loading and reading, and takes as long as it takes.
 */
export async function* readChunks(body: AsyncIterable<Uint8Array>, options: ReadOptions): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  let isFirst = true;
  for (;;) {
    options.signal.throwIfAborted();
    const next = chunks.next();
    const result = await (isFirst || options.gapTimeoutMs === 0 ? next : withinGap(next, options));
    if (result.done) return;
    isFirst = false;
    yield result.value;
  }
}

async function withinGap<T>(next: Promise<T>, options: ReadOptions): Promise<T> {
  let stop: () => void = () => undefined;
  const silence = new Promise<never>((_, reject) => {
    stop = watchSilence(options, () => reject(new ProblemError(options.onStall())));
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    stop();
  }
}

/** Calls back after the gap, unless the clock shows that we slept through it: then the server gets a new one. */
export function watchSilence(
  { clock, gapTimeoutMs }: Pick<ReadOptions, 'clock' | 'gapTimeoutMs'>,
  onSilent: () => void,
) {
  let stop: () => void = () => undefined;
  const start = () => {
    const dueAt = clock.now() + gapTimeoutMs;
    stop = clock.after(gapTimeoutMs, () => {
      if (clock.now() - dueAt > asleepMs) start();
      else stop = clock.after(graceMs, onSilent);
    });
  };
  start();
  return () => stop();
}
