import { existsSync } from 'node:fs';
import { ProblemError } from '../errors/problem.ts';
import type { RunEvent } from '../events/event.ts';
import { openDatabase, type Database } from './database.ts';
import { findRun } from './find-run.ts';
import { journalFailed } from './journal-failed.ts';
import { readRows, type RunRow } from './stored-run.ts';

/** The file that holds the runs. It need not exist yet. */
export interface Journal {
  path: string;
}

/** What is read of one run. */
export type ReadRun = (database: Database, row: RunRow) => Iterable<RunEvent>;

/**
 * Opens the journal for one piece of work.
 * @param work gets no database, and no rows, when nothing was ever kept
 */
export async function withRows<T>(
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
export async function* readRun(journal: Journal, ref: string, read: ReadRun): AsyncGenerator<RunEvent> {
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
