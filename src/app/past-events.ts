import type { RunEvent } from '../events/event.ts';
import type { Host } from '../host/host.ts';
import { openRunStore } from '../journal/run-store.ts';
import { dataDirectory } from '../settings/directories.ts';
import type { FurtherRun } from './run-to-keep.ts';

/** The durable events of a run that goes on, without the ends of tasks that are done again. */
export async function* pastEvents(
  { earlier, kept }: Pick<FurtherRun, 'earlier' | 'kept'>,
  host: Pick<Host, 'clock' | 'processes' | 'env' | 'cwd'>,
): AsyncGenerator<RunEvent> {
  for await (const event of openRunStore(dataDirectory(host), host).events(earlier.id)) {
    if (event.type !== 'task.finished' || kept.get(event.task)?.seq === event.seq) yield event;
  }
}
