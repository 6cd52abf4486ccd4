import { expect, test } from 'vitest';
import { ProblemError, throwProblems, toProblem, type Problem } from '../../../src/errors/problem.ts';

const problem: Problem = { code: 'usage-invalid', message: 'no', hint: 'try', cause: 'below' };

test('the error carries its problems and speaks with the first', () => {
  const error = new ProblemError(problem, { code: 'timeout', message: 'late' });
  expect([error.name, error.message, error.cause, error.problem, error.problems.length]).toEqual([
    'ProblemError',
    'no',
    'below',
    problem,
    2,
  ]);
});

test('no problems, no error', () => {
  expect(() => throwProblems([])).not.toThrow();
});

test('all problems are thrown together', () => {
  expect(() => throwProblems([problem, problem])).toThrow(expect.objectContaining({ problems: [problem, problem] }));
});

test('a flood of problems is cut, and that is said', () => {
  const flood = Array.from({ length: 300_000 }, () => problem);
  const last: Problem = { code: 'usage-invalid', message: 'there are more problems; these are the first 100' };
  expect(() => throwProblems(flood)).toThrow(expect.objectContaining({ problems: [...flood.slice(0, 100), last] }));
});

test.each([
  [new ProblemError(problem), problem],
  [new TypeError('x is undefined'), { code: 'internal', message: 'x is undefined' }],
  ['text', { code: 'internal', message: 'text' }],
])('%o as a problem', (error, expected) => {
  expect(toProblem(error)).toEqual(expected);
});
