import { ProblemError } from '../errors/problem.ts';

/** A failure of the journal's file as a problem that names it. A `ProblemError` passes as it is. */
export function journalFailed(action: 'open' | 'read' | 'write', path: string, error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const [why, hint] = reasonOf(error);
  const message = `cannot ${action} the journal ${path}: ${why}`;
  return new ProblemError({ code: 'storage-failed', message, hint });
}

type Reason = readonly [why: string, hint?: string];

function reasonOf(error: unknown): Reason {
  // An event that is no JSON any more.
  if (error instanceof SyntaxError) return damaged;
  const { code = '', message } = error as { code?: string; message?: string };
  const known = Object.entries(reasons).find(([start]) => code.startsWith(start));
  if (known) return known[1];
  // What libsql says when it gets no further; it tells no reason.
  return message?.startsWith('ConnectionFailed') === true ? readOnly : [message ?? String(error)];
}

const elsewhere = 'name another place with OLLAMA_ORCHESTRATE_HOME';
const damaged: Reason = ['it is damaged, or no journal', 'move it away: the next run begins a new one'];
const readOnly: Reason = ['it cannot be written', `make it accessible, or ${elsewhere}`];
const full: Reason = ['no space is left on the disk', `make room, or ${elsewhere}`];

/** By the beginnings of codes: SQLite's have longer forms, such as SQLITE_IOERR_WRITE. */
const reasons: Readonly<Record<string, Reason>> = {
  SQLITE_NOTADB: damaged,
  SQLITE_CORRUPT: damaged,
  SQLITE_FULL: full,
  SQLITE_BUSY: ['other processes keep it busy', 'try again'],
  SQLITE_READONLY: readOnly,
  SQLITE_CANTOPEN: readOnly,
  SQLITE_IOERR: ['the disk failed', `look whether it is full, or ${elsewhere}`],
  ENOSPC: full,
  EDQUOT: ['the disk quota is used up', `make room, or ${elsewhere}`],
  EACCES: ['permission denied', `make it accessible, or ${elsewhere}`],
  EPERM: ['not permitted', `make it accessible, or ${elsewhere}`],
  EROFS: ['the file system is read-only', elsewhere],
  ENOTDIR: ['a part of the path is not a folder', elsewhere],
  EEXIST: ['a part of the path is not a folder', elsewhere],
  EISDIR: ['it is a folder', 'move that folder away'],
  MODULE_NOT_FOUND: ['SQLite has no build for this platform'],
  ERR_DLOPEN_FAILED: ['SQLite has no build for this platform'],
};
