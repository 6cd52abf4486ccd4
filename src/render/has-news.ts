import type { RunState } from '../events/run-state.ts';
import { Interruption, type Host } from '../host/host.ts';

/** Whether there is anybody to tell how the run went: `| head -1` has what it wanted, unless something failed before. */
export function hasNews(state: RunState, { signal }: Pick<Host, 'signal'>): boolean {
  const readerLeft = signal.reason instanceof Interruption && signal.reason.signal === 'SIGPIPE';
  return !readerLeft || state.counts.failed > 0;
}
