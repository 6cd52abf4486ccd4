import type { TaskWaiting } from '../events/event.ts';
import type { Queue } from './queues.ts';
import { isHeld } from './schedule.ts';
import type { TaskNode } from './task-node.ts';

export type WaitingReason = Pick<TaskWaiting, 'for' | 'detail'>;

/** Why a task cannot run before others have ended. */
export function blockedReason({ plan }: TaskNode): WaitingReason {
  if (plan.needs.length > 0) return { for: 'needs', detail: plan.needs.join(', ') };
  return { for: 'turn', detail: `${plan.after ?? ''} to end` };
}

/** The tasks that have not been told why they wait, with the reason: all when it is new, else those that came since. */
export function* newReasons(queues: Iterable<Queue>): Generator<{ node: TaskNode; reason: WaitingReason }> {
  for (const queue of queues) {
    const reason = reasonOf(queue);
    const since = queue.newcomers.splice(0);
    const untold = queue.told === reason.detail ? since.filter(({ state }) => state === 'ready') : queue.waiting;
    queue.told = reason.detail;
    for (const node of untold) yield { node, reason };
  }
}

/** Why the tasks of a queue that are ready do not start yet. */
function reasonOf({ lanes }: Queue): WaitingReason {
  const [first] = lanes;
  if (!first || first.normalName === '') return { for: 'slot', detail: 'a free slot' };
  const held = lanes.filter(isHeld);
  const hosts = (held.length > 0 ? held : lanes).map(({ host }) => host).join(' or ');
  if (held.length > 0) return { for: 'slot', detail: `a free slot of ${first.model} on ${hosts}` };
  return { for: 'model', detail: `${first.model} to load on ${hosts}` };
}
