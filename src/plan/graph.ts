import { ProblemError } from '../errors/problem.ts';

/** A task as the graph sees it: its name and the names it waits for. */
export interface GraphNode {
  name: string;
  needs: readonly string[];
}

/**
 * The tasks in an order in which each comes after those it needs; apart from that, as they were given.
 * @throws ProblemError `cycle`, naming the circle
 */
export function topologicalOrder(nodes: readonly GraphNode[]): string[] {
  const needs = new Map(nodes.map((node) => [node.name, node.needs]));
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const { name } of nodes) visit(name, needs, state, order);
  return order;
}

/** Depth first with a stack of its own: chains may be longer than the call stack is deep. */
function visit(
  root: string,
  needs: ReadonlyMap<string, readonly string[]>,
  state: Map<string, 'open' | 'done'>,
  order: string[],
): void {
  if (state.has(root)) return;
  const path = [{ name: root, next: 0 }];
  state.set(root, 'open');
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const need = needs.get(top.name)?.[top.next++];
    if (need === undefined) {
      state.set(top.name, 'done');
      order.push(top.name);
      path.pop();
    } else if (state.get(need) === 'open') {
      throw cycleError([...path.slice(path.findIndex(({ name }) => name === need)).map(({ name }) => name), need]);
    } else if (!state.has(need)) {
      state.set(need, 'open');
      path.push({ name: need, next: 0 });
    }
  }
}

function cycleError(circle: readonly string[]): ProblemError {
  const message = `steps need each other in a circle: ${circle.join(' → ')}`;
  return new ProblemError({ code: 'cycle', message, hint: 'remove one of these placeholders', task: circle[0] });
}
