import { expect, test } from 'vitest';
import { topologicalOrder } from '../../../src/plan/graph.ts';
import { problemsOf } from '../spec/problems-of.ts';

/** `b<a,c`: b needs a and c. */
const graphOf = (text: string): { name: string; needs: string[] }[] =>
  text.split(' ').map((node) => {
    const [name = '', needs] = node.split('<');
    return { name, needs: needs?.split(',') ?? [] };
  });

test.each([
  ['a', 'a'],
  ['a b c', 'a b c'],
  ['c b a', 'c b a'],
  ['a<b b', 'b a'],
  ['a<c b c<b', 'b c a'],
  ['d<b,c b<a c<a a', 'a b c d'],
  ['x a<x b<a,x', 'x a b'],
])('%s runs as %s', (graph, order) => {
  expect(topologicalOrder(graphOf(graph)).join(' ')).toBe(order);
});

test.each([
  ['a<a', 'a → a', 'a'],
  ['a<b b<a', 'a → b → a', 'a'],
  ['x a<x,b b<c c<a', 'a → b → c → a', 'a'],
  ['start<a a<b b<a', 'a → b → a', 'a'],
])('%s is refused for the circle %s', (graph, circle, task) => {
  expect(problemsOf(() => topologicalOrder(graphOf(graph)))).toEqual([
    {
      code: 'cycle',
      message: `steps need each other in a circle: ${circle}`,
      hint: 'remove one of these references',
      task,
    },
  ]);
});

test('a chain may be longer than the call stack is deep', () => {
  const length = 100_000;
  const chain = Array.from({ length }, (_, index) => ({
    name: `s${index}`,
    needs: index + 1 < length ? [`s${index + 1}`] : [],
  }));
  const order = topologicalOrder(chain);
  expect([order.length, order[0], order.at(-1)]).toEqual([length, 's99999', 's0']);
});
