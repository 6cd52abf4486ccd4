import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GraphNode } from '../../src/lib/order-by-needs.ts';
import { topologicalOrder } from '../../src/plan/graph.ts';
import { ProblemError } from '../../src/errors/problem.ts';
import { planOf } from '../unit/plan/plan-rig.ts';
import { workflowOf } from '../unit/spec/spec-rig.ts';

/** Nodes of which each may need any of the ones before it: no circle, given in any order. */
const acyclic = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc
    .tuple(
      ...Array.from({ length: size }, (_, index) => fc.subarray(Array.from({ length: index }, (_, at) => `n${at}`))),
    )
    .map((needs): GraphNode[] => needs.map((each, index) => ({ name: `n${index}`, needs: each })))
    .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length })),
);

/** Any graph, circles included. */
const anyGraph = fc.integer({ min: 1, max: 8 }).chain((size) => {
  const names = Array.from({ length: size }, (_, index) => `n${index}`);
  return fc.tuple(
    ...names.map((name) => fc.subarray(names, { maxLength: Math.min(2, size) }).map((needs) => ({ name, needs }))),
  );
});

test('every task comes once, after all those it needs', () => {
  fc.assert(
    fc.property(acyclic, (nodes) => {
      const order = topologicalOrder(nodes);
      const place = new Map(order.map((name, index) => [name, index]));
      const isAfter = (name: string, need: string): boolean => (place.get(name) ?? -1) > (place.get(need) ?? Infinity);
      expect(order.toSorted()).toEqual(nodes.map(({ name }) => name).toSorted());
      expect(nodes.every(({ name, needs }) => needs.every((need) => isAfter(name, need)))).toBe(true);
    }),
  );
});

/** Whether repeatedly taking out what needs nothing leaves something: the textbook's way, apart from ours. */
function hasCircle(nodes: readonly GraphNode[]): boolean {
  let left = [...nodes];
  for (;;) {
    const names = new Set(left.map(({ name }) => name));
    const blocked = left.filter(({ needs }) => needs.some((need) => names.has(need)));
    if (blocked.length === left.length) return left.length > 0;
    left = blocked;
  }
}

test('a circle is found exactly when there is one', () => {
  fc.assert(
    fc.property(anyGraph, (nodes) => {
      const order = (): string[] => topologicalOrder(nodes);
      if (hasCircle(nodes)) expect(order).toThrow(ProblemError);
      else expect(order()).toHaveLength(nodes.length);
    }),
    { numRuns: 300 },
  );
});

test('the circle that is told is one of the graph', () => {
  fc.assert(
    fc.property(anyGraph.filter(hasCircle), (nodes) => {
      const needs = new Map(nodes.map((node) => [node.name, node.needs]));
      try {
        topologicalOrder(nodes);
        expect.unreachable();
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        const circle = error.message.split(': ')[1]?.split(' → ') ?? [];
        expect(circle.at(-1)).toBe(circle[0]);
        expect(circle.slice(1).every((need, index) => needs.get(circle[index] ?? '')?.includes(need))).toBe(true);
      }
    }),
  );
});

test('steps given in another order make the same plan', () => {
  fc.assert(
    fc.property(acyclic, (nodes) => {
      const toStep = ({ name, needs }: GraphNode): string =>
        `${name}:use ${needs.map((need) => `{{${need}}}`).join(' ')}.`;
      const planned = (given: readonly GraphNode[]): unknown[] =>
        planOf(workflowOf(given.map(toStep)))
          .tasks.toSorted((a, b) => a.spec.name.localeCompare(b.spec.name))
          .map(({ spec, needs, kind, candidates, after }) => [spec.name, spec.prompt, needs, kind, candidates, after]);
      expect(planned(nodes)).toEqual(planned(nodes.toSorted((a, b) => a.name.localeCompare(b.name))));
    }),
  );
});
