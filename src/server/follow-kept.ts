import type { RunEvent } from '../events/event.ts';
import type { Clock } from '../host/host.ts';
import type { RunStore } from '../journal/run-store.ts';

interface Sources {
  runs: Pick<RunStore, 'eventsAfter' | 'find'>;
  clock: Clock;
  /** Aborted when nobody reads any more. */
  signal: AbortSignal;
}

/** How often the journal is looked into for news of a run that another process carries out. */
const lookMs = 500;

/** After so many without news, an empty list says that the reader is not forgotten. */
const looksPerHeartbeat = 30;

/** The durable events of a run that does not go on in this process, some at a time, as they are kept. Ends with the run. */
export async function* followKept(id: string, afterSeq: number, sources: Sources): AsyncGenerator<RunEvent[], void> {
  const { runs, clock, signal } = sources;
  let seq = afterSeq;
  let quiet = 0;
  while (!signal.aborted) {
    // Asked first: what was kept before it ended is then there to be read.
    const { status } = await runs.find(id);
    const events = await runs.eventsAfter(id, seq);
    const last = events.at(-1);
    if (last && 'seq' in last) seq = last.seq;
    if (events.length > 0) yield events;
    else if (status !== 'running') return;
    else await pause(clock, signal);
    quiet = events.length > 0 ? 0 : quiet + 1;
    if (quiet === looksPerHeartbeat) {
      quiet = 0;
      yield [];
    }
  }
}

async function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      cancel();
      resolve();
    };
    const cancel = clock.after(lookMs, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
