// In: the durable events of one run, one by one. Out: nothing. Effects: they are in the journal.
import type { RunEvent } from '../events/event.ts';
import type { Host } from '../host/host.ts';
import { journalPath, openDatabase } from './database.ts';
import { journalFailed } from './journal-failed.ts';
import { keepRun, type RunToKeep } from './kept-run.ts';
import { watchRun } from './watch-run.ts';
import { createBatches } from './write-batches.ts';
import { createWriter } from './write-events.ts';

/** Keeps one run while it goes on. */
export interface Recorder {
  /** Resolves once the event will outlive this process; rejects with a `ProblemError` when it cannot be kept. */
  record: (event: RunEvent) => Promise<void>;
  /** Aborted, with a `ProblemError` that says so, when another process has asked for the end of the run. */
  signal: AbortSignal;
  /** To be called when the run has ended, and when it broke off. */
  close: () => void;
}

/**
 * Makes room for a run in the journal below a data directory, or takes over one that is there. All that can be found wrong
 * before the run begins is: what is written here is a change of its own.
 * @throws ProblemError `storage-failed`; of a run that goes on also `run-active`, `run-ended` and `run-unknown`
 */
export async function openRecorder(
  run: RunToKeep,
  dataDirectory: string,
  host: Pick<Host, 'clock' | 'processes' | 'soon'>,
): Promise<Recorder> {
  const path = journalPath(dataDirectory);
  const database = await openDatabase(path);
  try {
    keepRun(database, run, host);
  } catch (error) {
    database.close();
    throw journalFailed('write', path, error);
  }
  const cancelling = new AbortController();
  const stopWatching = watchRun(database, run.id, host.clock, (problem) => cancelling.abort(problem));
  const write = createWriter(database, run.further?.output);
  const writeOrSay = (events: readonly RunEvent[]): void => {
    try {
      write(events);
    } catch (error) {
      throw journalFailed('write', path, error);
    }
  };
  const batches = createBatches(writeOrSay, host);
  return {
    signal: cancelling.signal,
    record: batches.add,
    close: () => {
      stopWatching();
      batches.flush();
      database.close();
    },
  };
}
