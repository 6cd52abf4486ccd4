import { expect, test } from 'vitest';
import type { Problem } from '../../../../src/errors/problem.ts';
import { readSteps } from '../../../../src/spec/workflow/step-objects.ts';

const step = { type: 'generate', prompt: 'P' };

const read = (...steps: unknown[]): { sources: unknown[]; problems: Problem[] } => {
  const problems: Problem[] = [];
  return { sources: readSteps(steps, problems), problems };
};

test('a step is a task and what is said besides', () => {
  expect(read({ ...step, needs: 'a', if: true, foreach: [1], parameters: { f: read } })).toEqual({
    sources: [
      {
        place: 'steps.0',
        task: { ...step, parameters: { f: read } },
        frame: { if: 'true', foreach: [1] },
        needs: ['a'],
      },
    ],
    problems: [],
  });
});

test('what is no object is left to be told with the tasks', () => {
  expect(read('x')).toEqual({ sources: [{ task: 'x', place: 'steps.0' }], problems: [] });
});

test.each([
  [{ iff: true }, "steps.0: unknown key 'iff'", "did you mean 'if'?"],
  [{ id: 'a' }, "steps.0: unknown key 'id'", "did you mean 'name'?"],
  [{ id: 'a', name: 'b' }, "steps.0: unknown key 'id'", "'name' says the same: remove one of the two"],
  [{ needs: [1] }, 'steps.0: needs: must be the name of a step, or a list of them', undefined],
  [{ if: [] }, 'steps.0: if: must be an expression, true or false', "for example success() && steps.NAME.output != ''"],
  [{ continue_on_error: 'yes' }, 'steps.0: continue_on_error: must be true or false', "did you mean 'true'?"],
  [{ agent: '' }, 'steps.0: agent: must be the name or id of an agent', undefined],
  [{ context: 'all' }, 'steps.0: context: must be "previous"', "did you mean 'previous'?"],
  [{ foreach: [1], max_parallel: 0 }, 'steps.0: max_parallel: must be a whole number from 1 to 1024', undefined],
  [
    { max_parallel: 1 },
    "steps.0: max_parallel: the step has no 'foreach'",
    "it limits the items of a list; 'max_parallel' of the whole file stands above 'steps'",
  ],
])('%j is told', (keys, message, hint) => {
  expect(read({ ...step, ...keys }).problems).toEqual([{ code: 'task-invalid', message, hint }]);
});

test('an object names no file: whoever sends it may not read any', () => {
  const { sources, problems } = read({ type: 'generate', prompt_file: '/etc/passwd' });
  expect(sources).toMatchObject([{ task: { type: 'generate' } }]);
  expect(problems).toMatchObject([{ message: "steps.0: unknown key 'prompt_file'" }]);
});
