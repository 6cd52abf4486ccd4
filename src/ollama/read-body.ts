import { ProblemError, type Problem } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';

export interface ReadOptions {
  clock: Clock;
  /** Longest silence between two chunks; 0: no limit. */
  gapTimeoutMs: number;
  signal: AbortSignal;
  /** Whether the wait for the first chunk counts too. */
  isFirstTimed?: boolean;
  onStall: () => Problem;
}

/** Gives one chunk after another, then undefined. */
export type NextChunk = () => Promise<Uint8Array | undefined>;

/** How late a timer may be before we believe that the whole process was asleep. */
const asleepMs = 1000;
/** What arrived while we were busy or asleep is delivered within this time. */
const graceMs = 100;

/**
 * The chunks of an answer. Silence counts only while we wait for a chunk and after the first one: what comes before is
 * the server loading and reading, and takes as long as it takes.
 */
export function createChunkReader(body: AsyncIterable<Uint8Array>, options: ReadOptions): NextChunk {
  const chunks = body[Symbol.asyncIterator]();
  let isTimed = options.isFirstTimed ?? false;
  return async () => {
    options.signal.throwIfAborted();
    const next = chunks.next();
    const result = await (isTimed && options.gapTimeoutMs > 0 ? withinGap(next, options) : next);
    isTimed = true;
    return result.done ? undefined : result.value;
  };
}

/** Calls back after the gap, unless the clock shows that we slept through it: then the server gets a new one. */
export function watchSilence(
  { clock, gapTimeoutMs }: Pick<ReadOptions, 'clock' | 'gapTimeoutMs'>,
  onSilent: () => void,
): () => void {
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

function withinGap<T>(next: Promise<T>, options: ReadOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = watchSilence(options, () => reject(new ProblemError(options.onStall())));
    next.then(resolve, reject).finally(stop);
  });
}
