import { expect, test } from 'vitest';
import { chooseLane, type LaneView, type ScheduleLimits } from '../../../src/engine/schedule.ts';

const limits: ScheduleLimits = { maxConcurrent: 4, perModel: 2, perHost: {} };

const lane = (model: string, more: Partial<LaneView> = {}): LaneView => ({
  host: 'h1',
  model,
  ready: 1,
  first: 0,
  inFlight: 0,
  loaded: false,
  ...more,
});

test.each<[string, string | undefined, LaneView[], Partial<ScheduleLimits>?]>([
  ['nothing is ready', undefined, [lane('a', { ready: 0 })]],
  ['one lane is ready', 'a', [lane('a')]],
  [
    'of two models not in memory the one whose task comes first in the plan',
    'b',
    [lane('a', { first: 2 }), lane('b', { first: 1 })],
  ],
  ['a model in memory before one that must be loaded', 'b', [lane('a'), lane('b', { first: 9, loaded: true })]],
  ['a model at work before one that must be loaded', 'b', [lane('a'), lane('b', { first: 9, inFlight: 1 })]],
  ['no other model while one is at work', undefined, [lane('a'), lane('b', { ready: 0, inFlight: 1 })]],
  [
    'no other model while one in memory has tasks left, all its slots taken',
    undefined,
    [lane('a'), lane('b', { inFlight: 2, loaded: true })],
  ],
  ['another model once the one in memory has nothing left', 'a', [lane('a'), lane('b', { ready: 0, loaded: true })]],
  [
    'two models in memory both run, in the order of the plan',
    'b',
    [lane('a', { first: 5, loaded: true }), lane('b', { first: 3, loaded: true, inFlight: 1 })],
  ],
  ['another server is free to load', 'a', [lane('a', { host: 'h2' }), lane('b', { ready: 0, inFlight: 1 })]],
  [
    'no model loaded in two ways at once',
    undefined,
    [lane('a', { loaded: true }), lane('a', { ready: 0, inFlight: 1, loaded: true })],
  ],
  ['no third request for a model', undefined, [lane('a', { inFlight: 2, loaded: true })]],
  [
    'nothing when the run has all it may have in flight',
    undefined,
    [lane('a', { host: 'h2' }), lane('b', { ready: 0, inFlight: 4 })],
  ],
  ['nothing on a server whose slots are taken', undefined, [lane('a', { inFlight: 1 })], { perHost: { h1: 1 } }],
  [
    'the slots of one server do not bind another',
    'a',
    [lane('a', { host: 'h2' }), lane('b', { inFlight: 1 })],
    { perHost: { h1: 1 } },
  ],
  [
    'work without a model is bound by the limit of the run alone',
    '',
    [lane('', { host: '', inFlight: 3, loaded: true })],
  ],
])('%s', (_title, expected, lanes, more = {}) => {
  expect(chooseLane(lanes, { ...limits, ...more })?.model).toBe(expected);
});
