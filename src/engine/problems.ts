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
  const root = rootOf(need);
  const reason = root.lastProblem ? `: ${root.lastProblem.message}` : '';
  const what = root === need ? 'did not complete' : `was skipped, because ${root.name} did not complete`;
  return { code: 'needs-failed', message: `${need.name}, which ${node.name} needs, ${what}${reason}` };
}

/** The task whose failure is why this one was skipped. */
function rootOf(node: TaskNode): TaskNode {
  let root = node;
  while (root.status === 'skipped' && root.failedNeed) root = root.failedNeed;
  return root;
}

export function conditionFalse(source: string): Problem {
  return { code: 'condition-false', message: `not run, because '${source}' does not hold` };
}

export function failFast(failed: TaskNode): Problem {
  return { code: 'fail-fast', message: `not started, because ${failed.name} failed and --fail-fast is set` };
}

/** Why nothing new starts, when a limit of the run was reached. */
export function budgetReached(limit: string): Problem {
  return { code: 'budget-reached', message: `the run reached its budget of ${limit}`, hint: 'raise it with --budget' };
}

/** @param problems of the items that failed, at least one */
export function itemsFailed(problems: readonly Problem[], items: number): Problem {
  const [first] = problems;
  const isShared = problems.every(({ code }) => code === first?.code);
  const message = `${problems.length} of ${items} items failed: ${first?.message ?? ''}`;
  return { ...(isShared && first), code: isShared && first ? first.code : 'items-failed', message };
}

export function answerUnrecorded(): Problem {
  const message = 'the run that is replayed holds no answer to this prompt';
  return { code: 'answer-unrecorded', message, hint: 'run it once without --replay' };
}

/** @param isPreloaded whether models are loaded before their prompts, for keep_alive is set */
export function timeoutInLoad(problem: Problem, isPreloaded: boolean): Problem {
  const longer = 'the model had to be loaded first: give it longer with --timeout';
  const hint = isPreloaded ? longer : `${longer}, or set --keepalive, which has it loaded before the prompt`;
  return { ...problem, hint };
}

export function promptEmptied(): Problem {
  return { code: 'prompt-empty', message: 'the prompt is empty once its placeholders are filled in' };
}
