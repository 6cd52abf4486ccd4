import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Libsql from 'libsql';
import { ProblemError } from '../errors/problem.ts';
import { journalFailed } from './journal-failed.ts';
import { migrations } from './migrations.ts';

export type Database = Libsql.Database;

/** The journal's file below a data directory. */
export function journalPath(dataDirectory: string): string {
  return join(dataDirectory, 'journal.db');
}

/** How long a process waits for another one's write. As a pragma it would come too late for the first statements. */
const busyTimeoutMs = 5000;

/**
 * Opens the journal, making it when absent. Only its owner may read the file: it holds prompts and answers.
 * @throws ProblemError `storage-failed`
 */
export async function openDatabase(path: string): Promise<Database> {
  let database: Database | undefined;
  try {
    makeFile(path);
    const { default: Libsql } = await import('libsql');
    database = new Libsql(path, { timeout: busyTimeoutMs });
    // Kept from a process that is killed, which is what is promised; a disk sync per event would cost ten times as much.
    database.exec('PRAGMA synchronous = NORMAL');
    // What is written goes over to the file itself every 16 MB: at the 4 MB of SQLite, a tenth of a busy run was spent on that.
    database.exec('PRAGMA wal_autocheckpoint = 4000');
    if (versionOf(database) < migrations.length) migrate(database);
    if (versionOf(database) > migrations.length) throw tooNew(path);
    return database;
  } catch (error) {
    database?.close();
    throw journalFailed('open', path, error);
  }
}

/**
 * Makes the file where there is none. One that is there must not be opened but by SQLite: to close it again would drop
 * every lock this process has on it, and another process, taking itself for the last one, would delete what was written ahead.
 */
function makeFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
  if (found) return accessSync(path, constants.R_OK | constants.W_OK);
  mkdirSync(dirname(path), { recursive: true });
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Runs the work as one change that is there whole or not at all, in its turn among all processes. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // After some faults, a full disk among them, SQLite has taken everything back already.
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Several processes may come here at once: whoever is second finds the work done. */
function migrate(database: Database): void {
  // Before the first table, or pages of deleted runs would stay in the file for ever.
  database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  database.exec('PRAGMA journal_mode = WAL');
  inTransaction(database, () => {
    for (const step of migrations.slice(versionOf(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function versionOf(database: Database): number {
  const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return user_version;
}

function tooNew(path: string): ProblemError {
  const message = `the journal ${path} was written by a newer version of ollama-orchestrate`;
  return new ProblemError({ code: 'storage-failed', message, hint: 'npm install -g ollama-orchestrate@latest' });
}
