import type { TaskWaiting } from '../events/event.ts';
import type { Lane } from './lanes.ts';
import type { TaskNode } from './task-node.ts';

export type WaitingReason = Pick<TaskWaiting, 'for' | 'detail'>;

/** Why a task cannot run before others have ended. */
export function blockedReason({ plan }: TaskNode): WaitingReason {
  if (plan.needs.length > 0) return { for: 'needs', detail: plan.needs.join(', ') };
  return { for: 'turn', detail: `${plan.after ?? ''} to end` };
}

/** Why the tasks of a lane that are ready do not start yet. */
export function laneReason({ host, model, loaded, inFlight }: Lane): WaitingReason {
  if (model === '') return { for: 'slot', detail: 'a free slot' };
  if (loaded || inFlight > 0) return { for: 'slot', detail: `a free slot of ${model} on ${host}` };
  return { for: 'model', detail: `${model} to load on ${host}` };
}
