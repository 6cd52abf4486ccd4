import { ProblemError, type Problem } from '../errors/problem.ts';
import type { RunStatus } from '../events/run-document.ts';
import { Interruption } from '../host/host.ts';
import type { TaskNode } from './task-node.ts';

/** Why a run was stopped, from the reason of its signal. */
export function runStopped(reason: unknown): Problem {
  if (reason instanceof ProblemError) return reason.problem;
  if (!(reason instanceof Interruption)) return { code: 'cancelled', message: 'the run was cancelled' };
  if (reason.signal === 'SIGTERM') return { code: 'terminated', message: 'the run was terminated' };
  return { code: 'interrupted', message: 'the run was interrupted' };
}

/** The status of a run that was stopped for this reason. */
export function stoppedStatus({ code }: Problem): RunStatus {
  if (code === 'interrupted' || code === 'terminated') return 'interrupted';
  return code === 'cancelled' ? 'cancelled' : 'failed';
}

/** @param need the one it takes the output of; the root of the failure may be further up */
export function needsFailed(node: TaskNode, need: TaskNode): Problem {
  const root = need.failedNeed ?? need;
  const reason = root.lastProblem ? `: ${root.lastProblem.message}` : '';
  const what = root === need ? 'did not complete' : `was skipped, because ${root.name} did not complete`;
  return { code: 'needs-failed', message: `${need.name}, which ${node.name} needs, ${what}${reason}` };
}

export function failFast(failed: TaskNode): Problem {
  return { code: 'fail-fast', message: `not started, because ${failed.name} failed and --fail-fast is set` };
}

export function promptEmptied(): Problem {
  return { code: 'prompt-empty', message: 'the prompt is empty once its placeholders are filled in' };
}
