// In: the queues of a run. Out: what is left to do, as the look-ahead wants to see it. Pure.
import type { Outlook } from './look-ahead.ts';
import { isHeld, type QueueView } from './schedule.ts';
import type { TaskNode } from './task-node.ts';

/** Tasks that are ready, for one model, loaded in one way. */
export interface WaitingQueue extends QueueView {
  readonly key: string;
  readonly waiting: Iterable<TaskNode>;
}

export interface OutlookOptions {
  /** Queues one of which gets its model loaded. */
  rivals: readonly WaitingQueue[];
  /** Servers on which a load drives out what they hold. */
  full: ReadonlySet<string>;
  running: Iterable<TaskNode>;
  queueOf: (node: TaskNode) => WaitingQueue;
}

/** Models that stay where they are whatever is loaded now cost nothing. */
export function outlookFrom(queues: readonly WaitingQueue[], options: OutlookOptions): Outlook<TaskNode> {
  const { rivals, full, running, queueOf } = options;
  const free = new Set(queues.filter((queue) => isFree(queue, full)));
  const others = queues.filter((queue) => queue.ready > 0 && !free.has(queue) && !rivals.includes(queue));
  return {
    ready: new Map([...rivals, ...others].map(({ key, waiting }) => [key, withNext(waiting)])),
    ending: [...running, ...[...free].flatMap(({ waiting }) => withNext(waiting))],
    placeOf: (node) => {
      if (node.items) return undefined;
      const queue = queueOf(node);
      return free.has(queue) ? undefined : queue.key;
    },
    waitsFor: ({ items, waitingFor }) => items?.open ?? waitingFor,
    next: nextOf,
    loadMs: (key) => Math.min(...(queues.find((queue) => queue.key === key)?.lanes ?? []).map(({ loadMs }) => loadMs)),
  };
}

function isFree({ lanes }: WaitingQueue, full: ReadonlySet<string>): boolean {
  return lanes.some((lane) => lane.host === '' || (isHeld(lane) && !full.has(lane.host)));
}

function withNext(nodes: Iterable<TaskNode>): TaskNode[] {
  return [...nodes].filter((node) => node.parent ?? node.follower ?? node.dependents.length > 0);
}

function* nextOf({ parent, dependents, follower }: TaskNode): Generator<TaskNode> {
  if (parent) yield parent;
  for (const node of dependents) if (node.state === 'blocked') yield node;
  if (follower?.state === 'blocked' && !dependents.includes(follower)) yield follower;
}
