import type { Problem } from '../errors/problem.ts';
import type { UnstampedEvent } from '../events/event.ts';
import type { Totals } from '../events/run-document.ts';
import type { Plan } from '../plan/plan.ts';
import { stoppedStatus } from './problems.ts';

/** How the run as a whole ended. */
export interface RunEnd {
  totals: Totals;
  /** Tasks whose failure is one of the run. */
  failures: number;
  /** Why it was stopped, or could not start all of its tasks. */
  problem: Problem | undefined;
}

export function toRunFinished({ run_type, tasks }: Plan, { totals, failures, problem }: RunEnd): UnstampedEvent {
  const status = problem ? stoppedStatus(problem) : failures > 0 ? 'failed' : 'completed';
  const noun = run_type === 'workflow' ? 'steps' : 'tasks';
  return {
    type: 'run.finished',
    status,
    totals,
    ...(failures > 0 && { error: `${failures} of ${tasks.length} ${noun} failed` }),
    ...(problem && { error: problem.message, problem }),
  };
}
