import { ProblemError } from '../errors/problem.ts';
import { orderByNeeds, type GraphNode } from '../lib/order-by-needs.ts';

/**
 * The tasks in an order in which each comes after those it needs; apart from that, as they were given.
 * @throws ProblemError `cycle`, naming the circle
 */
export function topologicalOrder(nodes: readonly GraphNode[]): string[] {
  const { order, circles } = orderByNeeds(nodes);
  const [circle] = circles;
  if (!circle) return order;
  const message = `steps need each other in a circle: ${circle.join(' → ')}`;
  throw new ProblemError({ code: 'cycle', message, hint: 'remove one of these references', task: circle[0] });
}
