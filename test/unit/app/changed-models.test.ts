import { expect, test } from 'vitest';
import { refuseChangedModels } from '../../../src/app/changed-models.ts';
import { ProblemError } from '../../../src/errors/problem.ts';
import type { KeptModel } from '../../../src/journal/kept-run.ts';
import type { EarlierRun } from '../../../src/journal/load-earlier-run.ts';

const model = (digest: string, host = 'http://a', name = 'm:latest'): KeptModel => ({ host, model: name, digest });

function problemsOf(before: KeptModel[], now: KeptModel[], { replay = false, allowChangedModels = false } = {}) {
  const earlier = { models: before, request: { options: replay ? { replay: 'run-1' } : {} } } as unknown as EarlierRun;
  try {
    refuseChangedModels({ earlier, allowChangedModels }, now);
  } catch (error) {
    return error instanceof ProblemError ? error.problems.map(({ message }) => message) : error;
  }
  return [];
}

test('models that are the same may go on', () => {
  expect(problemsOf([model('1')], [model('1')])).toEqual([]);
});

test('each model that is another one is told, with both digests as ollama shows them', () => {
  const [before, now] = [`sha256:${'1'.repeat(64)}`, '2'.repeat(64)];
  expect(problemsOf([model(before), model('3', 'http://b')], [model(now), model('4', 'http://b')])).toEqual([
    `model 'm:latest' on http://a is not the one the run began with: it was 111111111111, it is 222222222222`,
    `model 'm:latest' on http://b is not the one the run began with: it was 3, it is 4`,
  ]);
});

test('on a server that is new to the run, a model may be any of those it was', () => {
  const before = [model('1'), model('2', 'http://b')];
  expect(problemsOf(before, [model('2', 'http://new')])).toEqual([]);
  expect(problemsOf(before, [model('3', 'http://new')])).toHaveLength(1);
});

test('a model that was not there before is none that changed', () => {
  expect(problemsOf([model('1')], [model('2', 'http://a', 'other:latest')])).toEqual([]);
});

test('they may be others when that is allowed, and when no server is asked', () => {
  expect(problemsOf([model('1')], [model('2')], { allowChangedModels: true })).toEqual([]);
  expect(problemsOf([model('1')], [model('2')], { replay: true })).toEqual([]);
});
