import { ProblemError } from '../errors/problem.ts';

/** A failure of the file system as a problem that names the file. A `ProblemError` passes as it is. */
export function storageFailed(
  action: 'read' | 'write' | 'remove' | 'lock',
  path: string,
  error: unknown,
): ProblemError {
  if (error instanceof ProblemError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const [why, hint] = reasons[code] ?? [error instanceof Error ? error.message : String(error), undefined];
  return new ProblemError({ code: 'storage-failed', message: `cannot ${action} ${path}: ${why}`, hint });
}

/** Whether the file system failed with one of these codes. */
export function isErrorCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

const reasons: Record<string, [why: string, hint: string]> = {
  ENOSPC: ['no space is left on the disk', 'make room, or name another place with --config-dir'],
  EDQUOT: ['the disk quota is used up', 'make room, or name another place with --config-dir'],
  EACCES: ['permission denied', 'make it accessible, or name another place with --config-dir'],
  EPERM: ['not permitted', 'make it accessible, or name another place with --config-dir'],
  EROFS: ['the file system is read-only', 'name another place with --config-dir'],
  ENOTDIR: ['a part of the path is not a folder', 'name another place with --config-dir'],
  EEXIST: ['a part of the path is not a folder', 'name another place with --config-dir'],
  EISDIR: ['it is a folder', 'move that folder away'],
  ELOCKED: ['another process is changing it', 'try again'],
};
