import { orderByNeeds, type GraphNode } from '../lib/order-by-needs.ts';

/** All that a task waits for, whether it needs it or only comes after it. */
export function waitsFor({
  needs,
  after,
}: {
  needs: readonly string[];
  after?: string | undefined;
}): readonly string[] {
  return after === undefined || needs.includes(after) ? needs : [...needs, after];
}

/**
 * The stage of each node: 1 for those that wait for nothing, else one after the last of those it waits for. Its keys
 * are in the order in which nodes may start: by stage, and as they were given within one.
 */
export function stagesOf(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const needs = new Map(nodes.map((node) => [node.name, node.needs]));
  const stages = new Map<string, number>();
  for (const name of orderByNeeds(nodes).order) {
    const before = (needs.get(name) ?? []).map((need) => stages.get(need) ?? 0);
    stages.set(name, 1 + before.reduce((latest, stage) => Math.max(latest, stage), 0));
  }
  const listed = nodes.map(({ name }) => [name, stages.get(name) ?? 1] as const);
  return new Map(listed.toSorted(([, stage], [, other]) => stage - other));
}

/** The longest chain of nodes that wait for one another, from its start to its end; of several, the one given first. */
export function longestPath(nodes: readonly GraphNode[], stages: ReadonlyMap<string, number>): string[] {
  const needs = new Map(nodes.map((node) => [node.name, node.needs]));
  const path: string[] = [];
  const last = nodes.reduce((most, { name }) => Math.max(most, stages.get(name) ?? 0), 0);
  let next = nodes.find(({ name }) => stages.get(name) === last)?.name;
  while (next !== undefined) {
    path.push(next);
    const before: number = (stages.get(next) ?? 0) - 1;
    next = needs.get(next)?.find((need) => stages.get(need) === before);
  }
  return path.reverse();
}
