// In: the tasks that are under way. Out: those that start as soon as they have ended. Pure.
import type { TaskNode } from './task-node.ts';

/** A task that waits for nothing but requests under way. */
export interface SoonNode {
  node: TaskNode;
  /** What it waits for. */
  blockers: readonly TaskNode[];
}

/** Tasks looked at before the search is given up: what fans out wide has enough to do. */
const mostSteps = 1_000;

/** The tasks that wait for nothing but these, and surely go to a model when they have succeeded. */
export function tasksSoon(running: Iterable<TaskNode>): SoonNode[] {
  const blockers = new Map<TaskNode, TaskNode[]>();
  let steps = 0;
  for (const node of running) {
    if (node.state !== 'running' || !node.candidate) continue;
    for (const next of nextOf(node)) {
      steps += 1;
      if (steps > mostSteps) return [];
      blockers.set(next, [...(blockers.get(next) ?? []), node]);
    }
  }
  return [...blockers].flatMap(([node, each]) =>
    isSure(node) && each.length >= node.waitingFor ? [{ node, blockers: each }] : [],
  );
}

/** Whether that is still so: a need that is tried again may take its place. */
export function isStillSoon({ node, blockers }: SoonNode): boolean {
  return node.state === 'blocked' && blockers.every(({ state }) => state === 'running' || state === 'finished');
}

/** How many tasks come after one, by what tells their models apart; undefined: more than are worth looking at. */
export function countAfter<K>(node: TaskNode, keyOf: (node: TaskNode) => K): Map<K, number> | undefined {
  const seen = new Set<TaskNode>();
  const counts = new Map<K, number>();
  const open = [node];
  for (let each = open.pop(); each; each = open.pop()) {
    for (const next of nextOf(each)) {
      if (seen.has(next)) continue;
      if (seen.size >= mostSteps) return undefined;
      seen.add(next);
      counts.set(keyOf(next), (counts.get(keyOf(next)) ?? 0) + 1);
      open.push(next);
    }
  }
  return counts;
}

function nextOf({ dependents, follower }: TaskNode): readonly TaskNode[] {
  return follower && !dependents.includes(follower) ? [...dependents, follower] : dependents;
}

function isSure({ state, plan, failedNeed }: TaskNode): boolean {
  const { condition, foreach, definition } = plan.spec;
  const isPlain = condition === undefined && foreach === undefined && plan.problem === undefined;
  return state === 'blocked' && isPlain && failedNeed === undefined && definition.needs !== undefined;
}
