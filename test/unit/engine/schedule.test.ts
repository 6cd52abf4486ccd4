import { expect, test } from 'vitest';
import { chooseStart, type LaneView, type QueueView, type ScheduleLimits } from '../../../src/engine/schedule.ts';

const limits: ScheduleLimits = { maxConcurrent: 4, perHost: {}, roomOf: () => 1 };

interface Draft extends Partial<LaneView> {
  ready?: number;
  index?: number;
  priority?: number;
  pathLength?: number;
  /** Further servers of the same queue. */
  more?: Partial<LaneView>[];
}

interface NamedQueue extends QueueView {
  name: string;
}

/** One queue with its lanes: loads take 10 s, answers 1 s. */
function queue(name: string, draft: Draft = {}): NamedQueue {
  const { ready = 1, index = 0, priority = 0, pathLength = 1, more = [], ...own } = draft;
  const lanes = [own, ...more].map((each): LaneView => ({
    ...{ host: 'h1', normalName: name, inFlight: 0, limit: 2, loaded: false, resting: false, returning: 0 },
    ...{ loadMs: 10_000, answerMs: 1_000, left: ready, ...each },
  }));
  return { name, lanes, ready, first: ready > 0 ? { priority, attempts: 0, pathLength, index } : undefined };
}

function choose(queues: NamedQueue[], more: Partial<ScheduleLimits> = {}): string | undefined {
  const start = chooseStart(queues, { ...limits, ...more }, ([first]) => first);
  return start && [start.queue.name, ...(start.queue.lanes.length > 1 ? [start.lane.host] : [])].join(' on ');
}

test.each<[string, string | undefined, NamedQueue[], Partial<ScheduleLimits>?]>([
  ['nothing when nothing is ready', undefined, [queue('a', { ready: 0 })]],
  ['the only task that is ready', 'a', [queue('a')]],
  [
    'of two models not in memory the one whose task comes first',
    'b',
    [queue('a', { index: 2 }), queue('b', { index: 1 })],
  ],
  [
    'of two models not in memory the one whose task has the longest way to go',
    'a',
    [queue('a', { index: 2, pathLength: 3 }), queue('b', { index: 1, pathLength: 2 })],
  ],
  [
    'of two models not in memory the one whose task has the highest priority',
    'b',
    [queue('a', { pathLength: 3 }), queue('b', { index: 1, priority: 1 })],
  ],
  ['a model in memory before one that must be loaded', 'b', [queue('a'), queue('b', { index: 9, loaded: true })]],
  [
    'a model in memory before one of higher priority that must be loaded',
    'b',
    [queue('a', { priority: 9 }), queue('b', { loaded: true })],
  ],
  ['a model at work before one that must be loaded', 'b', [queue('a'), queue('b', { index: 9, inFlight: 1 })]],
  ['no other model while one is at work', undefined, [queue('a'), queue('b', { ready: 0, inFlight: 1 })]],
  [
    'no other model while one in memory has tasks left, all its slots taken',
    undefined,
    [queue('a'), queue('b', { inFlight: 2, loaded: true })],
  ],
  ['another model once the one in memory has nothing left', 'a', [queue('a'), queue('b', { ready: 0, loaded: true })]],
  [
    'another model beside one at work where there is room for both',
    'a',
    [queue('a'), queue('b', { inFlight: 2, loaded: true })],
    { roomOf: () => 2 },
  ],
  [
    'no third model where there is room for two, and both have tasks left',
    undefined,
    [queue('a'), queue('b', { inFlight: 2, loaded: true }), queue('c', { inFlight: 2, loaded: true })],
    { roomOf: () => 2, maxConcurrent: 9 },
  ],
  [
    'the more urgent of two models in memory',
    'b',
    [queue('a', { index: 5, loaded: true }), queue('b', { index: 3, loaded: true, inFlight: 1 })],
  ],
  [
    'a load on another server that has nothing to do',
    'a',
    [queue('a', { host: 'h2' }), queue('b', { ready: 0, inFlight: 1 })],
  ],
  [
    'a server that has nothing to do before a second request for another one',
    'a',
    [queue('a', { host: 'h2', index: 7 }), queue('b', { loaded: true, inFlight: 1 })],
  ],
  [
    'no model loaded in two ways at once',
    undefined,
    [queue('a', { loaded: true }), queue('a', { ready: 0, inFlight: 1, loaded: true })],
  ],
  ['no more requests than a model gets', undefined, [queue('a', { inFlight: 2, loaded: true })]],
  [
    'nothing when the run has all it may have in flight',
    undefined,
    [queue('a', { host: 'h2' }), queue('b', { ready: 0, inFlight: 4 })],
  ],
  ['nothing on a server whose slots are taken', undefined, [queue('a', { inFlight: 1 })], { perHost: { h1: 1 } }],
  [
    'work on another server when the slots of one are taken',
    'a',
    [queue('a', { host: 'h2' }), queue('b', { inFlight: 1 })],
    { perHost: { h1: 1 } },
  ],
  [
    'no other model while a task of the one in memory is about to come back',
    undefined,
    [queue('a'), queue('b', { ready: 0, loaded: true, returning: 1 })],
  ],
  ['nothing on a server that rests', undefined, [queue('a', { resting: true })]],
  [
    'work without a model, which is bound by the limit of the run alone',
    '',
    [queue('', { host: '', inFlight: 3, limit: Infinity, loaded: true })],
  ],
])('starts %s', (_title, expected, queues, more = {}) => {
  expect(choose(queues, more)).toBe(expected);
});

const h2 = { host: 'h2' };

test.each<[string, string | undefined, NamedQueue[], Partial<ScheduleLimits>?]>([
  ['the server that has it in memory', 'a on h2', [queue('a', { more: [{ ...h2, loaded: true }] })]],
  [
    'the server that has less to do',
    'a on h2',
    [queue('a', { loaded: true, inFlight: 1, more: [{ ...h2, loaded: true }] })],
  ],
  [
    'no second server when the first is done with all before the other is with one, its load counted',
    undefined,
    [queue('a', { ready: 3, loaded: true, inFlight: 2, more: [h2] })],
  ],
  [
    'a second server when that ends sooner, its load counted',
    'a on h2',
    [queue('a', { ready: 30, loaded: true, inFlight: 2, more: [h2] })],
  ],
  [
    'no slow server for the last tasks',
    undefined,
    [queue('a', { ready: 2, loaded: true, inFlight: 2, more: [{ ...h2, loaded: true, answerMs: 30_000 }] })],
  ],
  [
    'a slow server while there is enough for both',
    'a on h2',
    [queue('a', { ready: 50, loaded: true, inFlight: 2, more: [{ ...h2, loaded: true, answerMs: 30_000 }] })],
  ],
  [
    'the server whose model is not needed any more, before one that would have to load its own again',
    'b on h2',
    [
      queue('a', { ready: 0, loaded: true, left: 3 }),
      queue('b', { more: [h2] }),
      queue('c', { ready: 0, ...h2, loaded: true, left: 0 }),
    ],
  ],
  [
    'a model that no server has before a second place for one that a server has',
    'b on h2',
    [
      queue('a', { ready: 90, loaded: true, inFlight: 2, more: [h2] }),
      queue('b', { ready: 90, index: 99, more: [h2] }),
    ],
  ],
  ['the server that does not rest', 'a on h2', [queue('a', { resting: true, loaded: true, more: [h2] })]],
])('of several servers it takes %s', (_title, expected, queues, more = {}) => {
  expect(choose(queues, more)).toBe(expected);
});

test('of several models to load the one that foresight chooses is loaded, and foresight hears which servers are full', () => {
  const heard: unknown[] = [];
  const queues = [queue('a'), queue('b', { index: 1 }), queue('c', { ready: 0, loaded: true })];
  const start = chooseStart(queues, limits, (rivals, full) => {
    heard.push([...rivals.map(({ name }) => name)], [...full]);
    return rivals[1];
  });
  expect([start?.queue.name, ...heard]).toEqual(['b', ['a', 'b'], ['h1']]);
});
