import { expect, it } from 'vitest';
import { rehearse } from '../../../src/simulator/rehearse.ts';

const rates = { sizeBytes: 1e9, contextBytes: 0, loadMs: 1000, promptTokensPerSecond: 100, tokensPerSecond: 10 };
const server = {
  ...{ models: ['a', 'b'].map((name) => ({ name, ...rates })), maxLoaded: 1 },
  ...{ prepareMs: 0, prepareSpread: 0, sendMs: 0 },
};
/** A second each, half of it for the prompt. */
const ask = (model: string) => ({ model, promptTokens: 50, outputTokens: 5 });

it('says how many loads requests cause, of which models, and how long all of it takes', () => {
  expect(rehearse([ask('a'), ask('b')], server)).toEqual({
    loads: 2,
    loadsByModel: { 'a:latest': 1, 'b:latest': 1 },
    ms: 4000,
    endedAtMs: [2000, 4000],
    refused: 0,
  });
});

it('knows what is loaded at the start, and with which context', () => {
  const loaded = [{ model: 'a', numCtx: 8192 }];
  expect(rehearse([{ ...ask('a'), numCtx: 8192 }], { ...server, loaded })).toMatchObject({ loads: 0, ms: 1000 });
  expect(rehearse([ask('a')], { ...server, loaded })).toMatchObject({ loads: 1, ms: 2000 });
});

it('sends a request when those it needs have ended, and not before its time', () => {
  const requests = [ask('a'), { ...ask('a'), needs: [0, 3] }, { ...ask('a'), atMs: 60_000 }, ask('a')];
  expect(rehearse(requests, server).endedAtMs).toEqual([2000, 4000, 61_000, 3000]);
});

it('has no more requests on their way than it is told, earlier ones first', () => {
  const requests = [ask('a'), ask('b'), ask('a'), ask('b')];
  expect(rehearse(requests, { ...server, inFlight: 1 }).loads).toBe(4);
  expect(rehearse(requests, { ...server, inFlight: 1 }).endedAtMs).toEqual([2000, 4000, 6000, 8000]);
  expect(rehearse([{ ...ask('b'), needs: [1] }, ask('a'), ask('b')], { ...server, inFlight: 1 }).endedAtMs).toEqual([
    4000, 2000, 5000,
  ]);
});

it('counts what the server refuses', () => {
  const huge = { name: 'huge', ...rates, sizeBytes: 100e9 };
  const requests = [...Array.from({ length: 5 }, () => ask('a')), ask('huge')];
  expect(rehearse(requests, { ...server, models: [...server.models, huge], maxQueue: 2 })).toMatchObject({
    refused: 3,
  });
  expect(rehearse([ask('huge')], { ...server, models: [huge] })).toMatchObject({ refused: 1, loads: 0 });
});

it('gives the same numbers for the same requests, and others for another seed', () => {
  const requests = Array.from({ length: 40 }, (_, index) => ask(index % 2 === 0 ? 'a' : 'b'));
  const chancy = { ...server, prepareMs: 5, prepareSpread: 4 };
  const runs = [1, 1, 2].map((seed) => rehearse(requests, { ...chancy, seed }));
  expect(runs[0]).toEqual(runs[1]);
  expect(runs[0]?.endedAtMs).not.toEqual(runs[2]?.endedAtMs);
});

it('makes up what it is not told of a model from its name', () => {
  const small = rehearse([{ model: 'qwen2.5:0.5b', promptTokens: 100, outputTokens: 100 }]);
  const large = rehearse([{ model: 'qwen2.5:7b', promptTokens: 100, outputTokens: 100 }]);
  expect(small.ms).toBeLessThan(large.ms);
});
