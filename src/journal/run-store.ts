import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunDocument, RunStatus } from '../events/run-document.ts';
import { record, toRunDocument, type RunRecord } from '../events/to-run-document.ts';
import type { Host } from '../host/host.ts';
import { inTransaction, journalPath, type Database } from './database.ts';
import { cancelRun } from './cancel-run.ts';
import { findRun } from './find-run.ts';
import { readRun, withRows, type Journal, type ReadRun } from './read-journal.ts';
import { stillRunning } from './run-problems.ts';
import { readEvents, replay, statusOf, toSummary, type RunRow, type RunSummary } from './stored-run.ts';

/**
 * The runs kept on this machine. A run is meant by its id, by 4 or more characters from the beginning or end of it, or
 * as `last`.
 */
export interface RunStore {
  /** The newest first. */
  list: (filter?: RunFilter) => Promise<RunSummary[]>;
  get: (ref: string) => Promise<RunDocument>;
  /** Which run is meant, and how it stands: no more than a look at its row. */
  find: (ref: string) => Promise<{ id: string; status: RunStatus }>;
  /** The durable events, as they were kept. */
  events: (ref: string) => AsyncGenerator<RunEvent>;
  /** Some of those behind the one of this number; none when there are no more, or the run was never kept. */
  eventsAfter: (id: string, afterSeq: number) => Promise<RunEvent[]>;
  /** The same as `events`, and for a run whose process died those that a signal would have ended it with. */
  replay: (ref: string) => AsyncGenerator<RunEvent>;
  /**
   * Ends a run that is going on, and resolves to its id once it has ended.
   * @throws ProblemError `run-ended` when it is not going on
   */
  cancel: (ref: string, options?: { signal?: AbortSignal | undefined }) => Promise<string>;
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
  /** True: only those nobody waits for. */
  isDetached?: boolean | undefined;
  /** At most so many. */
  limit?: number | undefined;
}

type StoreHost = Pick<Host, 'clock' | 'processes'>;

/** Opens the runs below a data directory, which need not exist yet. */
export function openRunStore(dataDirectory: string, host: StoreHost): RunStore {
  const { clock, processes } = host;
  const journal: Journal = { path: journalPath(dataDirectory) };
  const replayed: ReadRun = (database, row) => replay(database, row, host);
  return {
    list: (filter = {}) => withRows(journal, 'read', (rows, database) => listRuns(rows, filter, host, database)),
    get: async (ref) => {
      let run: RunRecord | undefined;
      for await (const event of readRun(journal, ref, replayed)) run = record(run, event);
      if (!run) throw new Error(`run ${ref} has no events`);
      return toRunDocument(run);
    },
    find: (ref) =>
      withRows(journal, 'read', (rows) => {
        const row = findRun(rows, ref);
        return { id: row.id, status: statusOf(row, host) };
      }),
    events: (ref) => readRun(journal, ref, (database, { id }) => readEvents(database, id)),
    eventsAfter: (id, afterSeq) =>
      withRows(journal, 'read', (_rows, database) => (database ? someEvents(database, id, afterSeq) : [])),
    replay: (ref) => readRun(journal, ref, replayed),
    cancel: (ref, { signal } = {}) =>
      cancelRun(ref, (work) => withRows(journal, 'write', work), { clock, processes, signal }),
    delete: (refs) => withRows(journal, 'write', (rows, database) => deleteRuns(ended(rows, refs, host), database)),
    deleteBefore: (timeMs) =>
      withRows(journal, 'write', (rows, database) => {
        const old = rows.filter((row) => Date.parse(row.created_at) < timeMs && statusOf(row, host) !== 'running');
        return deleteRuns(old, database);
      }),
  };
}

function listRuns(
  rows: readonly RunRow[],
  { agent, status, isDetached, sinceMs = -Infinity, limit = Infinity }: RunFilter,
  host: StoreHost,
  database: Database | undefined,
): RunSummary[] {
  const found: RunSummary[] = [];
  if (!database) return found;
  for (const row of rows) {
    if (found.length >= limit) break;
    if (Date.parse(row.created_at) < sinceMs) continue;
    if (agent !== undefined && !isOfAgent(row, agent)) continue;
    if (isDetached === true && row.detached === 0) continue;
    if (status !== undefined && statusOf(row, host) !== status) continue;
    found.push(toSummary(database, row, host));
  }
  return found;
}

/** As many as are worth the opening of the journal, and few enough to be in memory. */
const eventsAtOnce = 256;

function someEvents(database: Database, id: string, afterSeq: number): RunEvent[] {
  const events: RunEvent[] = [];
  for (const event of readEvents(database, id, afterSeq)) {
    events.push(event);
    if (events.length === eventsAtOnce) break;
  }
  return events;
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

/** What is deleted is overwritten, in the file and in what was written ahead of it: prompts may be secret. */
function deleteRuns(rows: readonly RunRow[], database: Database | undefined): string[] {
  const ids = rows.map(({ id }) => id);
  if (!database || ids.length === 0) return ids;
  database.exec('PRAGMA secure_delete = ON');
  inTransaction(database, () => {
    for (const id of ids) {
      for (const table of tablesOfRuns) database.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(id);
      database.prepare('DELETE FROM runs WHERE id = ?').run(id);
    }
  });
  database.exec('PRAGMA incremental_vacuum');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return ids;
}

const tablesOfRuns = ['events', 'run_models', 'parts', 'cancels', 'answers'];
