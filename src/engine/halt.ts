import type { Problem } from '../errors/problem.ts';
import type { TaskNode } from './task-node.ts';

/** Why a run starts nothing more. */
export class Halt {
  /** It was stopped as a whole: what is under way ends, too. */
  stopped: Problem | undefined;
  /** A task failed, and the run was told to go no further then. */
  lastStraw: TaskNode | undefined;
  /** A limit is reached. */
  isExhausted = false;
  /** That limit, if it kept tasks from being started. */
  limit: Problem | undefined;

  isOn(): boolean {
    return this.stopped !== undefined || this.lastStraw !== undefined || this.isExhausted;
  }
}
