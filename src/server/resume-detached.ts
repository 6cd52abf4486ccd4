import { ifPossible } from '../errors/if-possible.ts';
import { ProblemError, type Problem } from '../errors/problem.ts';
import type { RunSummary } from '../journal/stored-run.ts';
import type { ServerContext } from './server-context.ts';

/** A run that goes on, or why it cannot. */
export type Resumed = { id: string } | { problem: Problem };

/** Goes on with the detached runs whose process ended before they did, one after another as there is room. */
export async function* resumeDetached({ orchestrator, runs, host, settings }: ServerContext): AsyncGenerator<Resumed> {
  const { hosts } = settings;
  const list = (): Promise<RunSummary[]> => orchestrator.runs.list({ status: 'interrupted', isDetached: true });
  const found = await ifPossible(list, (problem) => ({ problem }));
  if ('problem' in found) {
    yield found;
    return;
  }
  for (const { id } of found) {
    const options = { client: 'detached', signal: host.signal, isDetached: true, wantsDocument: false };
    try {
      await runs.start({ goOn: 'resume', run: id, hosts }, options);
      yield { id };
    } catch (error) {
      if (error === host.signal.reason) return;
      if (!(error instanceof ProblemError)) throw error;
      yield { problem: error.problem };
    }
  }
}
