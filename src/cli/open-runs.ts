import type { Host } from '../host/host.ts';
import type { RunStore } from '../journal/run-store.ts';

/** The runs that were kept for the user. */
export async function openRuns(host: Host): Promise<RunStore> {
  const [{ openRunStore }, { dataDirectory }] = await Promise.all([
    import('../journal/run-store.ts'),
    import('../settings/directories.ts'),
  ]);
  return openRunStore(dataDirectory(host), host);
}
