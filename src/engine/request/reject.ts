import type { Judgement } from './judge-outcome.ts';
import type { FailedResult, RequestResult } from './request-result.ts';
import type { TaskNode } from '../task-node.ts';
import type { TaskEnd } from '../to-finished-event.ts';

/** What follows from an answer that may not be passed on: the end of its task, or another request. */
export function reject(node: TaskNode, { problem, rejected }: Judgement, failure: TaskEnd): RequestResult {
  if (problem && rejected) {
    node.invalidAnswers += 1;
    // One round to mend it; then it is asked for afresh.
    node.rejected = node.invalidAnswers === 1 ? rejected : undefined;
    return { node, problem, delivered: true, failure };
  }
  if (!problem || !node.rejected) return { node, end: failure };
  return giveUpRepair({ node, problem, delivered: true, failure });
}

/** A request to mend an answer holds that answer: if it does not fit for that, the answer is asked for afresh. */
export function giveUpRepair(failed: FailedResult): FailedResult {
  const { node, problem, failure } = failed;
  if (!node.rejected || problem.code !== 'prompt-too-long') return failed;
  node.rejected = undefined;
  const invalid = node.lastProblem ?? problem;
  return { ...failed, problem: invalid, failure: { ...failure, problem: invalid } };
}
