import type { TaskWaiting } from '../events/event.ts';
import type { Lane } from './lanes.ts';
import type { TaskNode } from './task-node.ts';

export type WaitingReason = Pick<TaskWaiting, 'for' | 'detail'>;

/** Why a task cannot run before others have ended. */
export function blockedReason({ plan }: TaskNode): WaitingReason {
  if (plan.needs.length > 0) return { for: 'needs', detail: plan.needs.join(', ') };
  return { for: 'turn', detail: `${plan.after ?? ''} to end` };
}

/** The tasks that have not been told why they wait, with the reason. */
export function* newReasons(lanes: Iterable<Lane>): Generator<{ node: TaskNode; reason: WaitingReason }> {
  for (const lane of lanes) {
    const reason = laneReason(lane);
    for (const node of lane.untold(reason.detail)) yield { node, reason };
  }
}

/** Why the tasks of a lane that are ready do not start yet. */
function laneReason({ host, model, loaded, inFlight }: Lane): WaitingReason {
  if (model === '') return { for: 'slot', detail: 'a free slot' };
  if (loaded || inFlight > 0) return { for: 'slot', detail: `a free slot of ${model} on ${host}` };
  return { for: 'model', detail: `${model} to load on ${host}` };
}
