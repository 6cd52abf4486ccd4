import { expect, test } from 'vitest';
import { placeToLoad } from '../../../src/engine/look-ahead.ts';

interface Step {
  place: string;
  needs: Step[];
  next: Step[];
}

function step(place: string, ...needs: Step[]): Step {
  const made: Step = { place, needs, next: [] };
  for (const need of needs) need.next.push(made);
  return made;
}

interface Draft {
  ready: Step[];
  ending?: Step[];
  free?: string;
  loadMs?: Record<string, number>;
}

function choose({ ready, ending = [], free, loadMs = {} }: Draft): string | undefined {
  const places = [...new Set(ready.map(({ place }) => place))];
  return placeToLoad<Step>({
    ready: new Map(places.map((place) => [place, ready.filter((each) => each.place === place)])),
    ending,
    placeOf: ({ place }) => (place === free ? undefined : place),
    waitsFor: ({ needs }) => needs.length,
    next: ({ next }) => next,
    loadMs: (place) => loadMs[place] ?? 1,
  });
}

test('where nothing follows the first one is taken', () => {
  expect(choose({ ready: [step('b'), step('a')] })).toBe('b');
});

test('the model whose answers set more work of the other one free goes first', () => {
  const b = step('b');
  step('a', b);
  expect(choose({ ready: [step('a'), b] })).toBe('b');
});

test('a way that is longer at first is taken when it costs fewer loads in the end', () => {
  // a c b (a, with both) against b first, which opens nothing by itself.
  const a = step('a');
  const c = step('c', a);
  const b = step('b', c);
  step('a', b);
  expect(choose({ ready: [step('b'), a] })).toBe('a');
});

test('work under way counts as done', () => {
  const running = step('x');
  const b = step('b');
  step('a', b, running);
  expect(choose({ ready: [step('a'), b], ending: [running] })).toBe('b');
});

test('a model that needs no load is no reason to go another way', () => {
  const b = step('b');
  step('c', b);
  expect(choose({ ready: [step('a'), b], free: 'c' })).toBe('a');
});

test('of orders with as many loads the one whose loads are short is taken', () => {
  const [a, b] = [step('a'), step('b')];
  step('a', b);
  step('b', a);
  expect(choose({ ready: [a, b], loadMs: { a: 1, b: 60 } })).toBe('a');
  expect(choose({ ready: [a, b], loadMs: { a: 60, b: 1 } })).toBe('b');
});

test('a graph too large to look at as a whole is decided all the same', () => {
  const models = ['a', 'b', 'c', 'd', 'e'];
  const chains = Array.from({ length: 200 }, (_, chain) => {
    const first = step(models[chain % 5]!);
    let last = first;
    for (let length = 1; length < 60; length += 1) last = step(models[(chain * 7 + length * length) % 5]!, last);
    return first;
  });
  expect(models).toContain(choose({ ready: chains }));
});
