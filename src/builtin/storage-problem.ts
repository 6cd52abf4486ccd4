import { ProblemError } from '../errors/problem.ts';

/** Runs work on our own files; what the file system refuses becomes a problem that names the place. */
export async function nameStorage<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new ProblemError({
      code: 'storage-failed',
      message: `cannot write in ${directory}: ${reason}`,
      hint: 'make room or make it writable, or name another place with OLLAMA_ORCHESTRATE_HOME',
      cause: (error as Error).message,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
};
