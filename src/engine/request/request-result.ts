import type { Problem } from '../../errors/problem.ts';
import type { TaskNode } from '../task-node.ts';
import type { TaskEnd } from '../to-finished-event.ts';

/** What became of one task of a request. */
export type RequestResult = { node: TaskNode; end: TaskEnd } | FailedResult;

export interface FailedResult {
  node: TaskNode;
  problem: Problem;
  /** Whether a piece of the answer had arrived. */
  delivered: boolean;
  /** The task as failed, should there be no further attempt. */
  failure: TaskEnd;
}
