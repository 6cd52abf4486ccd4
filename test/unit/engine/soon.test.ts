import { expect, test } from 'vitest';
import { countAfter, isStillSoon, tasksSoon } from '../../../src/engine/soon.ts';
import { TaskGraph } from '../../../src/engine/task-graph.ts';
import type { TaskNode } from '../../../src/engine/task-node.ts';
import { customTask } from '../../../src/tasks/custom.ts';
import { host, planOf, type TaskDraft } from './engine-rig.ts';

/** The graph of these tasks, some of which are under way. */
function graphOf(drafts: TaskDraft[], ...running: string[]): Map<string, TaskNode> {
  const { nodes } = new TaskGraph(planOf(drafts), (name) => name, 0);
  for (const node of nodes.filter(({ name }) => running.includes(name))) {
    node.state = 'running';
    node.candidate = { model: 'm', host, reasons: [] };
  }
  return new Map(nodes.map((node) => [node.name, node]));
}

const soonOf = (nodes: Map<string, TaskNode>): string[] => tasksSoon(nodes.values()).map(({ node }) => node.name);

test('a task is soon when all it waits for is under way', () => {
  const drafts = [{ name: 'a' }, { name: 'b' }, { name: 'c', needs: ['a', 'b'] }, { name: 'd', needs: ['c'] }];
  expect(soonOf(graphOf(drafts, 'a', 'b'))).toEqual(['c']);
  expect(soonOf(graphOf(drafts, 'a'))).toEqual([]);
});

test('in a sequence the next one is', () => {
  expect(soonOf(graphOf([{ name: 'a' }, { name: 'b', after: 'a' }, { name: 'c', after: 'b' }], 'a'))).toEqual(['b']);
});

test.each<[string, Partial<TaskDraft>]>([
  ['has a condition', { if: 'success()' }],
  ['becomes as many as a list tells', { foreach: ['x'] }],
  ['cannot run at all', { problem: { code: 'model-incapable', message: 'no' } }],
  ['needs no model', { definition: customTask(() => 'x') }],
])('one that %s is not', (_, more) => {
  expect(soonOf(graphOf([{ name: 'a' }, { name: 'b', needs: ['a'], ...more }], 'a'))).toEqual([]);
});

test('work of this process says nothing of when it ends', () => {
  const nodes = graphOf(
    [
      { name: 'a', definition: customTask(() => 'x') },
      { name: 'b', needs: ['a'] },
    ],
    'a',
  );
  nodes.get('a')!.candidate = undefined;
  expect(soonOf(nodes)).toEqual([]);
});

test('it is no longer soon when one it waits for is tried again later', () => {
  const nodes = graphOf([{ name: 'a' }, { name: 'b', needs: ['a'] }], 'a');
  const [soon] = tasksSoon(nodes.values());
  expect(isStillSoon(soon!)).toBe(true);
  nodes.get('a')!.state = 'retrying';
  expect(isStillSoon(soon!)).toBe(false);
});

test('what comes after a task is counted once each, however many ways lead there', () => {
  const drafts = [
    ...[{ name: 'a' }, { name: 'b', needs: ['a'] }, { name: 'c', needs: ['a'] }],
    { name: 'd', needs: ['b', 'c'], models: ['n'] },
  ];
  const counts = countAfter(graphOf(drafts).get('a')!, ({ plan }) => plan.candidates[0]?.model);
  expect(counts).toEqual(
    new Map([
      ['m', 2],
      ['n', 1],
    ]),
  );
});

test('too many to look at are not counted, nor is what fans out so wide soon', () => {
  const many = Array.from({ length: 1_500 }, (_, index) => ({ name: `t${index}`, needs: ['a'] }));
  const nodes = graphOf([{ name: 'a' }, ...many], 'a');
  expect(countAfter(nodes.get('a')!, ({ name }) => name)).toBeUndefined();
  expect(soonOf(nodes)).toEqual([]);
});
