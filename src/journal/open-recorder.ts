// In: the durable events of one run, one by one. Out: nothing. Effects: they are in the journal.
import type { RunEvent, RunFinished, RunStarted, TaskFinished } from '../events/event.ts';
import { isSuccess, lastPlanned } from '../events/to-run-document.ts';
import type { Host } from '../host/host.ts';
import { inTransaction, journalPath, openDatabase, type Database } from './database.ts';
import { journalFailed } from './journal-failed.ts';
import type { KeptRequest } from './kept-request.ts';
import { heartbeatMs, ownOwner } from './owner.ts';

/** A run that is about to begin. */
export interface RunToKeep {
  id: string;
  run_type: RunStarted['run_type'];
  request: KeptRequest;
  /** The models it may use, to the digest. */
  models: readonly { host: string; model: string; digest: string }[];
}

/** Keeps one run while it goes on. */
export interface Recorder {
  /** Resolves once the event will outlive this process; rejects with a `ProblemError` when it cannot be kept. */
  record: (event: RunEvent) => Promise<void>;
  /** To be called when the run has ended, and when it broke off. */
  close: () => void;
}

/**
 * Makes room for a run in the journal below a data directory. All that can be found wrong before the run begins is: what
 * is written here is a change of its own.
 * @throws ProblemError `storage-failed`
 */
export async function openRecorder(
  run: RunToKeep,
  dataDirectory: string,
  host: Pick<Host, 'clock' | 'processes'>,
): Promise<Recorder> {
  const path = journalPath(dataDirectory);
  const database = await openDatabase(path);
  try {
    insertRun(database, run, host);
  } catch (error) {
    database.close();
    throw journalFailed('write', path, error);
  }
  const stopBeating = beat(database, run.id, host.clock);
  const write = createWriter(database);
  return {
    // Written at once: it takes less time than handing it to somebody else would.
    record: (event) =>
      new Promise((resolve, reject) => {
        try {
          write(event);
          resolve();
        } catch (error) {
          reject(journalFailed('write', path, error));
        }
      }),
    close: () => {
      stopBeating();
      database.close();
    },
  };
}

function insertRun(database: Database, run: RunToKeep, { clock, processes }: Pick<Host, 'clock' | 'processes'>): void {
  const { agent } = run.request;
  const owner = ownOwner(processes);
  inTransaction(database, () => {
    database
      .prepare(
        `INSERT INTO runs (id, run_type, agent, agent_id, owner_machine, owner_pid, owner_started, heartbeat_at, request)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[run.id, run.run_type, agent.name, agent.id ?? null],
        ...[owner.machine, owner.pid, owner.started, Math.round(clock.now()), JSON.stringify(run.request)],
      );
    const insertModel = database.prepare('INSERT INTO run_models (run_id, host, model, digest) VALUES (?, ?, ?, ?)');
    for (const { host, model, digest } of run.models) insertModel.run(run.id, host, model, digest);
  });
}

/** Says from time to time that the run's process lives. */
function beat(database: Database, id: string, clock: Host['clock']): () => void {
  const update = database.prepare('UPDATE runs SET heartbeat_at = ? WHERE id = ?');
  const next = (): (() => void) =>
    clock.after(heartbeatMs, () => {
      cancel = next();
      try {
        update.run(Math.round(clock.now()), id);
      } catch {
        // Only a journal on another machine needs it, and what matters there is told by the next event.
      }
    });
  let cancel = next();
  return () => cancel();
}

function createWriter(database: Database): (event: RunEvent) => void {
  const insert = database.prepare('INSERT INTO events (run_id, seq, type, task, body) VALUES (?, ?, ?, ?, ?)');
  let resultStep: string | undefined;
  let output: string | null = null;
  return (event) => {
    if (!('seq' in event)) return;
    const keep = () =>
      insert.run(event.run_id, event.seq, event.type, 'task' in event ? event.task : null, JSON.stringify(event));
    if (event.type === 'run.started') {
      resultStep = resultStepOf(event);
      inTransaction(database, () => {
        keep();
        startRun(database, event);
      });
    } else if (event.type === 'run.finished') {
      inTransaction(database, () => {
        keep();
        finishRun(database, event, output);
      });
    } else {
      keep();
      if (event.type === 'task.finished' && event.task === resultStep) output = outputOf(event);
    }
  };
}

/** The step whose output is the result of the run; a run of tasks has none. */
function resultStepOf({ run_type, output_step, plan }: RunStarted): string | undefined {
  return run_type === 'workflow' ? (output_step ?? lastPlanned(plan)) : undefined;
}

function outputOf(event: TaskFinished): string | null {
  return isSuccess(event) ? (event.output ?? null) : null;
}

/** A further part of a run makes it a running one again; it began when its first part did. */
function startRun(database: Database, { run_id, at }: RunStarted): void {
  database
    .prepare(`UPDATE runs SET status = 'running', created_at = coalesce(created_at, ?) WHERE id = ?`)
    .run(at, run_id);
}

function finishRun(database: Database, event: RunFinished, output: string | null): void {
  const { status, at, totals, error = null, problem, run_id } = event;
  database
    .prepare(
      `UPDATE runs SET status = ?, completed_at = ?, output = ?, totals = ?, error = ?, problem = ? WHERE id = ?`,
    )
    .run(status, at, output, JSON.stringify(totals), error, problem ? JSON.stringify(problem) : null, run_id);
}
