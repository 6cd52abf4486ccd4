import { orderByNeeds } from '../lib/order-by-needs.ts';
import type { Plan } from '../plan/plan.ts';
import { waitsFor } from '../plan/stages.ts';
import { isPassable, looksAtStatus } from './admit.ts';
import { createLoadReader } from './load-options.ts';
import { createTaskNode, type TaskNode } from './task-node.ts';

/** The tasks of a run, tied to each other: who waits for whom. It changes counts and ties, never a state. */
export class TaskGraph {
  /** All tasks, items of `foreach` steps behind those of the plan. */
  readonly nodes: TaskNode[];
  /** Tasks whose end has not been settled yet. */
  open: number;
  readonly #idOf: (task: string) => string;

  constructor({ tasks }: Plan, idOf: (task: string) => string, now: number) {
    this.#idOf = idOf;
    const loadOf = createLoadReader();
    this.nodes = tasks.map((plan, index) => {
      const { name } = plan.spec;
      return createTaskNode({ name, id: idOf(name), index, plan, createdAt: now, load: loadOf(plan.options) });
    });
    this.open = this.nodes.length;
    tie(this.nodes);
    measurePaths(this.nodes);
  }

  /** Makes a `foreach` step one task for each element. They wait for nothing: their step has done that. */
  expand(parent: TaskNode, elements: readonly unknown[], now: number): TaskNode[] {
    const nodes = elements.map((item, position) => {
      const name = `${parent.name}[${position}]`;
      const index = parent.index + (position + 1) / (elements.length + 1);
      const { plan, load } = parent;
      return createTaskNode({ name, id: this.#idOf(name), index, plan, createdAt: now, load, parent, item });
    });
    parent.items = { nodes, waiting: [...nodes], open: nodes.length, underWay: 0 };
    for (const node of nodes) this.nodes.push(node);
    this.open += nodes.length;
    return nodes;
  }

  /** The items of a step that may start now, as many as it allows at once. */
  takeItems({ items, plan }: TaskNode): TaskNode[] {
    const max = plan.spec.foreach?.max_parallel ?? Infinity;
    const taken: TaskNode[] = [];
    for (let item = items?.waiting[0]; items && item && items.underWay < max; item = items.waiting[0]) {
      items.waiting.shift();
      if (item.state === 'finished') continue;
      items.underWay += 1;
      item.isReleased = true;
      taken.push(item);
    }
    return taken;
  }

  /** Takes an ended task off the count of those that wait for it. What waits no longer is handed back. */
  release(node: TaskNode): TaskNode[] {
    this.open -= 1;
    const { items } = node.parent ?? {};
    if (items) {
      items.open -= 1;
      if (node.isReleased) items.underWay -= 1;
    }
    const isBlocking = !isPassable(node);
    const freed = node.dependents.filter((dependent) => {
      if (isBlocking) dependent.failedNeed ??= node;
      dependent.waitingFor -= 1;
      return dependent.waitingFor === 0 || (isBlocking && !looksAtStatus(dependent));
    });
    const { follower } = node;
    if (follower) follower.waitingFor -= 1;
    return follower?.waitingFor === 0 && !freed.includes(follower) ? [...freed, follower] : freed;
  }

  /** Tasks of the plan whose failure is one of the run. */
  get failures(): number {
    return this.nodes.filter((node) => !node.parent && node.status === 'failed' && !isPassable(node)).length;
  }
}

/** How many tasks come one after another from each of them to the end. */
function measurePaths(nodes: readonly TaskNode[]): void {
  if (nodes.every(({ waitingFor }) => waitingFor === 0)) return;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const { order } = orderByNeeds(nodes.map(({ name, plan }) => ({ name, needs: waitsFor(plan) })));
  for (const name of order.toReversed()) {
    const node = byName.get(name);
    if (!node) continue;
    const next = node.follower ? [...node.dependents, node.follower] : node.dependents;
    node.pathLength = next.reduce((longest, { pathLength }) => Math.max(longest, pathLength + 1), 1);
  }
}

function tie(nodes: readonly TaskNode[]): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const node of nodes) {
    const needs: TaskNode[] = [];
    for (const name of node.plan.needs) {
      const need = byName.get(name);
      if (!need) continue;
      if (need.dependents.length === 0) need.dependents = [node];
      else need.dependents.push(node);
      needs.push(need);
    }
    if (needs.length > 0) node.needs = needs;
    const before = node.plan.after === undefined ? undefined : byName.get(node.plan.after);
    if (before) before.follower = node;
  }
}
