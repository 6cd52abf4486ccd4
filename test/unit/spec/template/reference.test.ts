import { expect, test } from 'vitest';
import { parseReference } from '../../../../src/spec/template/reference.ts';

const names = ['plan', 'plan.v2', 'a.output', 'x.output.y'];

const nameOf = (word: string, isQualified: boolean): string | undefined =>
  names.includes(word) ? word : word === 'step1' && !isQualified ? 'plan' : undefined;

test.each([
  ['plan', { output: 'plan' }],
  ['step1', { output: 'plan' }],
  ['plan.output', { output: 'plan' }],
  ['steps.plan.output', { output: 'plan' }],
  ['plan.output.title', { output: 'plan', path: ['title'] }],
  ['plan.output[0].name', { output: 'plan', path: [0, 'name'] }],
  ["plan.output['a b']", { output: 'plan', path: ['a b'] }],
  ['steps.plan.output.a.b', { output: 'plan', path: ['a', 'b'] }],
  ['plan[2]', { output: 'plan', index: 2 }],
  ['plan[2].output.title', { output: 'plan', index: 2, path: ['title'] }],
  ['steps.plan[2].output', { output: 'plan', index: 2 }],
  ['step1.output.title', { output: 'plan', path: ['title'] }],
  ['plan.v2', { output: 'plan.v2' }],
  ['plan.v2.output.x', { output: 'plan.v2', path: ['x'] }],
  ['a.output', { output: 'a.output' }],
  ['a.output.output', { output: 'a.output' }],
  ['steps.a.output.output', { output: 'a.output' }],
  ['x.output.y', { output: 'x.output.y' }],
  ['item', { item: [] }],
  ['item.a[0]', { item: ['a', 0] }],
])('%s is %j', (text, reference) => {
  expect(parseReference(text, nameOf)).toEqual(reference);
});

test.each([
  'nope',
  'plan.title',
  'steps.plan',
  'steps.step1.output',
  'plan[x]',
  'plan[0].x',
  'plan.output.',
  'items',
  'item.',
  '',
])('%j is none', (text) => {
  expect(parseReference(text, nameOf)).toBeUndefined();
});

test('a very long text takes no longer than its length', () => {
  expect(parseReference('plan.'.repeat(1_000_000), nameOf)).toBeUndefined();
});
