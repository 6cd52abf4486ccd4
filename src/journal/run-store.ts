import { existsSync } from 'node:fs';
import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunDocument, RunStatus } from '../events/run-document.ts';
import { record, toRunDocument, type RunRecord } from '../events/to-run-document.ts';
import type { Host } from '../host/host.ts';
import { inTransaction, journalPath, openDatabase, type Database } from './database.ts';
import { findRun } from './find-run.ts';
import { journalFailed } from './journal-failed.ts';
import { readEvents, readRows, replay, statusOf, toSummary, type RunRow, type RunSummary } from './stored-run.ts';

/**
 * The runs kept on this machine. A run is meant by its id, by 4 or more characters from the beginning or end of it, or
 * as `last`.
 */
export interface RunStore {
  /** The newest first. */
  list: (filter?: RunFilter) => Promise<RunSummary[]>;
  get: (ref: string) => Promise<RunDocument>;
  /** The durable events, as they were kept. */
  events: (ref: string) => AsyncGenerator<RunEvent>;
  /** The same, and for a run whose process died those that a signal would have ended it with. */
  replay: (ref: string) => AsyncGenerator<RunEvent>;
  /** Takes runs away, and says which: all of them, or none if one is unknown or still going on. */
  delete: (refs: readonly string[]) => Promise<string[]>;
  /** Takes away what began before this time (milliseconds since the epoch) and has ended. */
  deleteBefore: (timeMs: number) => Promise<string[]>;
}

export interface RunFilter {
  /** Name or id of the agent, which need not exist any more. */
  agent?: string | undefined;
  status?: RunStatus | undefined;
  /** Milliseconds since the epoch. */
  sinceMs?: number | undefined;
  /** At most so many. */
  limit?: number | undefined;
}

type StoreHost = Pick<Host, 'clock' | 'processes'>;

/** Opens the runs below a data directory, which need not exist yet. */
export function openRunStore(dataDirectory: string, host: StoreHost): RunStore {
  const journal: Journal = { path: journalPath(dataDirectory), host };
  const replayed: ReadRun = (database, row) => replay(database, row, host);
  return {
    list: (filter = {}) => withRows(journal, 'read', (rows, database) => listRuns(rows, filter, journal, database)),
    get: async (ref) => {
      let run: RunRecord | undefined;
      for await (const event of readRun(journal, ref, replayed)) run = record(run, event);
      if (!run) throw new Error(`run ${ref} has no events`);
      return toRunDocument(run);
    },
    events: (ref) => readRun(journal, ref, (database, { id }) => readEvents(database, id)),
    replay: (ref) => readRun(journal, ref, replayed),
    delete: (refs) => withRows(journal, 'write', (rows, database) => deleteRuns(ended(rows, refs, host), database)),
    deleteBefore: (timeMs) =>
      withRows(journal, 'write', (rows, database) => {
        const old = rows.filter((row) => Date.parse(row.created_at) < timeMs && statusOf(row, host) !== 'running');
        return deleteRuns(old, database);
      }),
  };
}

interface Journal {
  path: string;
  host: StoreHost;
}

type ReadRun = (database: Database, row: RunRow) => Iterable<RunEvent>;

/** @param work gets no database, and no rows, when nothing was ever kept */
async function withRows<T>(
  { path }: Journal,
  action: 'read' | 'write',
  work: (rows: RunRow[], database: Database | undefined) => T,
): Promise<T> {
  if (!existsSync(path)) return work([], undefined);
  let database: Database | undefined;
  try {
    database = await openDatabase(path);
    return work(readRows(database), database);
  } catch (error) {
    throw isOfFile(error) ? journalFailed(action, path, error) : error;
  } finally {
    database?.close();
  }
}

/** The journal stays open while the events are taken, and no longer. */
async function* readRun(journal: Journal, ref: string, read: ReadRun): AsyncGenerator<RunEvent> {
  const { path } = journal;
  if (!existsSync(path)) findRun([], ref);
  let database: Database | undefined;
  try {
    database = await openDatabase(path);
    yield* read(database, findRun(readRows(database), ref));
  } catch (error) {
    throw isOfFile(error) ? journalFailed('read', path, error) : error;
  } finally {
    database?.close();
  }
}

/** Errors of the system and of SQLite carry a code; a fault of ours does not. */
function isOfFile(error: unknown): boolean {
  return error instanceof Error && (error instanceof ProblemError || 'code' in error || error instanceof SyntaxError);
}

function listRuns(
  rows: readonly RunRow[],
  { agent, status, sinceMs = -Infinity, limit = Infinity }: RunFilter,
  { host }: Journal,
  database: Database | undefined,
): RunSummary[] {
  const found: RunSummary[] = [];
  if (!database) return found;
  for (const row of rows) {
    if (found.length >= limit) break;
    if (Date.parse(row.created_at) < sinceMs) continue;
    if (agent !== undefined && !isOfAgent(row, agent)) continue;
    if (status !== undefined && statusOf(row, host) !== status) continue;
    found.push(toSummary(database, row, host));
  }
  return found;
}

function isOfAgent({ agent, agent_id }: RunRow, ref: string): boolean {
  return agent.toLowerCase() === ref.toLowerCase() || (ref.length >= 4 && agent_id?.startsWith(ref) === true);
}

/** Every run that is meant, once; all that is wrong with the references is told together. */
function ended(rows: readonly RunRow[], refs: readonly string[], host: StoreHost): RunRow[] {
  const problems: Problem[] = [];
  const found = new Set<RunRow>();
  for (const ref of refs) {
    try {
      const row = findRun(rows, ref);
      if (statusOf(row, host) === 'running') throw stillRunning(row);
      found.add(row);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
    }
  }
  throwProblems(problems);
  return [...found];
}

function stillRunning({ id, owner_pid, owner_machine }: RunRow): ProblemError {
  const [machine = ''] = owner_machine.split(' ');
  const message = `run ${id} is still going on, in process ${owner_pid} on ${machine}`;
  return new ProblemError({ code: 'run-active', message, hint: 'wait for its end, or stop that process' });
}

/** What is deleted is overwritten, in the file and in what was written ahead of it: prompts may be secret. */
function deleteRuns(rows: readonly RunRow[], database: Database | undefined): string[] {
  const ids = rows.map(({ id }) => id);
  if (!database || ids.length === 0) return ids;
  database.exec('PRAGMA secure_delete = ON');
  inTransaction(database, () => {
    for (const id of ids) {
      database.prepare('DELETE FROM events WHERE run_id = ?').run(id);
      database.prepare('DELETE FROM run_models WHERE run_id = ?').run(id);
      database.prepare('DELETE FROM runs WHERE id = ?').run(id);
    }
  });
  database.exec('PRAGMA incremental_vacuum');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return ids;
}
