import { ProblemError } from '../errors/problem.ts';
import type { RunStatus } from '../events/run-document.ts';
import type { Host } from '../host/host.ts';
import type { Database } from './database.ts';
import { findRun } from './find-run.ts';
import { processOf, stillRunning } from './run-problems.ts';
import { statusOf, type RunRow } from './stored-run.ts';

type Canceller = Pick<Host, 'clock' | 'processes'> & { signal?: AbortSignal | undefined };

type WithRows = <T>(work: (rows: RunRow[], database: Database | undefined) => T) => Promise<T>;

/** How often whoever cancels a run looks whether it has ended. */
const lookMs = 100;

/** Its process looks four times a second whether it is to end, and then has to close its requests. */
const patienceMs = 15_000;

/**
 * Asks the process of a run to end it, and waits until it has.
 * @returns the id of the run
 * @throws ProblemError `run-ended` when it is not going on, `run-active` when its process does not listen
 */
export async function cancelRun(ref: string, withRows: WithRows, host: Canceller): Promise<string> {
  const { id } = await withRows((rows, database) => {
    const row = findRun(rows, ref);
    const status = statusOf(row, host);
    if (status !== 'running') throw notGoingOn(row, status);
    database
      ?.prepare('INSERT OR IGNORE INTO cancels (run_id, requested_at) VALUES (?, ?)')
      .run(row.id, Math.round(host.clock.now()));
    return row;
  });
  const until = host.clock.now() + patienceMs;
  for (;;) {
    const row = await withRows((rows) => findRun(rows, id));
    const status = statusOf(row, host);
    if (status === 'cancelled') return id;
    if (status !== 'running') throw notGoingOn(row, status);
    if (host.clock.now() >= until) throw stillRunning(row, `end it yourself: kill ${row.owner_pid}`);
    await pause(lookMs, host);
  }
}

function notGoingOn(row: RunRow, status: RunStatus): ProblemError {
  const { id } = row;
  if (status === 'interrupted') {
    const why = row.status === 'running' ? `: ${processOf(row)} is dead` : '';
    const message = `run ${id} is not going on, it was interrupted${why}`;
    return new ProblemError({ code: 'run-ended', message, hint: `ollama-orchestrate resume-run ${id}` });
  }
  const message = `run ${id} has ended, it is ${status}`;
  return new ProblemError({ code: 'run-ended', message, hint: `ollama-orchestrate show-run ${id}` });
}

/** Rejects when it is told not to wait any longer. */
async function pause(ms: number, { clock, signal }: Canceller): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}
