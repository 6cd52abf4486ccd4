import { expect, test } from 'vitest';
import { choosePreload, type PreloadLane, type PreloadServer, type PreloadView } from '../../../src/engine/preload.ts';

const lane = (host: string, model: string, more: Partial<PreloadLane> = {}): PreloadLane => ({
  ...{ host, normalName: model, key: `${model}\n`, inFlight: 0, limit: 2, loaded: false, resting: false },
  ...{ returning: 0, loadMs: 5_000, answerMs: 1_000, left: 1, ...more },
});

const idle: PreloadServer = { held: [], room: 1, isFree: true };
const counts = (left: Record<string, number>) =>
  new Map(Object.entries(left).map(([model, count]) => [`${model}\n`, { count }]));

/** `a` is at work on the first server; a task for `b` comes next, and may go to either. */
function scene(
  more: { second?: Partial<PreloadServer>; lane?: Partial<PreloadLane> } & Partial<PreloadView<PreloadLane>>,
) {
  const { second, lane: own, ...view } = more;
  const here = [lane('h1', 'a', { inFlight: 1, loaded: true }), lane('h1', 'b'), lane('h2', 'b', own)];
  const servers = new Map([
    ['h1', { ...idle, held: ['a'] }],
    ['h2', { ...idle, ...second }],
  ]);
  const soon = [{ lanes: here.slice(1), after: () => new Map([['c\n', 1]]) }];
  const left = counts({ a: 2, b: 1 });
  return choosePreload(soon, {
    ...{ lanes: here, queues: [], left, serverOf: (host: string) => servers.get(host)!, ...view },
  })?.lane.host;
}

test('a model that is needed next is loaded on the server that has nothing to do', () => {
  expect(scene({})).toBe('h2');
});

test.each([
  ['loads for somebody already, or is used by others', { second: { isFree: false } }],
  ['rests', { lane: { resting: true } }],
  ['is clearly slower than one that would do as well', { lane: { answerMs: 2_000 } }],
  ['takes clearly longer for the load', { lane: { loadMs: 9_000 } }],
  ['holds a model that is needed again', { second: { held: ['a'] } }],
  ['has the model', { lane: { loaded: true } }],
])('not on a server that %s', (_, more) => {
  expect(scene(more)).toBeUndefined();
});

test('what a server holds does not matter where nobody needs it, or there is room for both', () => {
  expect(scene({ second: { held: ['old'] } })).toBe('h2');
  expect(scene({ second: { held: ['a'], room: 2 } })).toBe('h2');
});

test('not where something could start', () => {
  expect(scene({ queues: [{ lanes: [lane('h2', 'a')], ready: 1 }] })).toBeUndefined();
  expect(scene({ queues: [{ lanes: [lane('h2', 'a')], ready: 0 }] })).toBe('h2');
});

test('not while another model has to be loaded that might come first', () => {
  expect(scene({ left: counts({ a: 2, b: 1, c: 1 }) })).toBe('h2');
  expect(scene({ left: counts({ a: 2, b: 1, c: 2 }) })).toBeUndefined();
});
