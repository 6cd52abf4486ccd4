/** A node of a graph: its name and the names it waits for. */
export interface GraphNode {
  name: string;
  needs: readonly string[];
}

export interface Order {
  /** Each after those it needs; apart from that, as they were given. */
  order: string[];
  /** Each begins and ends with the same name; empty when nothing waits for itself. */
  circles: string[][];
}

/** Brings nodes into an order in which each comes after those it needs. A need that closes a circle is left out of it. */
export function orderByNeeds(nodes: readonly GraphNode[]): Order {
  const needs = new Map(nodes.map((node) => [node.name, node.needs]));
  const found: Order = { order: [], circles: [] };
  const state = new Map<string, 'open' | 'done'>();
  for (const { name } of nodes) visit(name, needs, state, found);
  return found;
}

/** Depth first with a stack of its own: chains may be longer than the call stack is deep. */
function visit(
  root: string,
  needs: ReadonlyMap<string, readonly string[]>,
  state: Map<string, 'open' | 'done'>,
  { order, circles }: Order,
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
      circles.push([...path.slice(path.findIndex(({ name }) => name === need)).map(({ name }) => name), need]);
    } else if (!state.has(need)) {
      state.set(need, 'open');
      path.push({ name: need, next: 0 });
    }
  }
}
