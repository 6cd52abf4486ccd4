import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../host/host.ts';
import { importWithoutSignalHandlers } from '../host/node-host.ts';

const pollMs = 200;

/** Does the work while no other process does work under the same path; a process that died is not waited for long. */
export async function withLock<T>(
  path: string,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const release = await waitForLock(path, clock, signal);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function waitForLock(path: string, clock: Clock, signal: AbortSignal): Promise<() => Promise<void>> {
  const { lock } = await importWithoutSignalHandlers(() => import('proper-lockfile'));
  for (;;) {
    signal.throwIfAborted();
    try {
      return await lock(path, { realpath: false });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    await new Promise<void>((resolve) => clock.after(pollMs, resolve));
  }
}
