import { ProblemError } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';
import type { Database } from './database.ts';
import { heartbeatMs } from './owner.ts';

/** How often a run looks whether somebody wants it to end. */
export const cancelPollMs = 250;

/**
 * Says from time to time that the run's process lives, and looks whether another one has asked for its end.
 * @returns ends both
 */
export function watchRun(database: Database, id: string, clock: Clock, onCancel: (problem: ProblemError) => void) {
  const beat = database.prepare('UPDATE runs SET heartbeat_at = ? WHERE id = ?');
  const cancel = database.prepare('SELECT requested_at FROM cancels WHERE run_id = ?');
  const stopBeating = repeat(heartbeatMs, clock, () => beat.run(Math.round(clock.now()), id));
  const stopLooking = repeat(cancelPollMs, clock, () => {
    if (cancel.get(id) === undefined) return;
    stopLooking();
    onCancel(new ProblemError({ code: 'cancelled', message: 'the run was cancelled by cancel-run' }));
  });
  return (): void => {
    stopBeating();
    stopLooking();
  };
}

function repeat(intervalMs: number, clock: Clock, work: () => void): () => void {
  let isStopped = false;
  const next = (): (() => void) =>
    clock.after(intervalMs, () => {
      try {
        work();
      } catch {
        // A journal that cannot be read or written for good is told by the next event.
      }
      if (!isStopped) cancel = next();
    });
  let cancel = next();
  return () => {
    isStopped = true;
    cancel();
  };
}
