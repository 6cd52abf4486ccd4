import { expect, test } from 'vitest';
import { longestPath, stagesOf } from '../../../src/plan/stages.ts';

/** `c:a,b`: c waits for a and b. */
const nodesOf = (...texts: string[]) =>
  texts.map((text) => {
    const [name = '', needs = ''] = text.split(':');
    return { name, needs: needs.split(',').filter(Boolean) };
  });

test('a node is one stage after the last of those it waits for', () => {
  const stages = stagesOf(nodesOf('a', 'b:a', 'c', 'd:b,c', 'e:c'));
  expect(Object.fromEntries(stages)).toEqual({ a: 1, b: 2, c: 1, d: 3, e: 2 });
});

test('nodes are in the order in which they may start, whatever the order they are given in', () => {
  expect([...stagesOf(nodesOf('d:b', 'b:a', 'e', 'a')).keys()]).toEqual(['e', 'a', 'b', 'd']);
});

test('the longest path leads from what waits for nothing to what waits longest', () => {
  const nodes = nodesOf('a', 'b:a', 'c', 'd:c,b', 'e:c');
  expect(longestPath(nodes, stagesOf(nodes))).toEqual(['a', 'b', 'd']);
});

test('of several longest paths the one given first is told', () => {
  const nodes = nodesOf('a', 'b', 'c:a,b', 'd:b');
  expect(longestPath(nodes, stagesOf(nodes))).toEqual(['a', 'c']);
});

test('a chain may be longer than the call stack is deep', () => {
  const nodes = Array.from({ length: 50_000 }, (_, index) => ({
    name: String(index),
    needs: index === 0 ? [] : [String(index - 1)],
  }));
  expect(longestPath(nodes, stagesOf(nodes))).toHaveLength(50_000);
});
