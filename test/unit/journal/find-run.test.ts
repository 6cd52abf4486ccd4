import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/errors/problem.ts';
import { findRun } from '../../../src/journal/find-run.ts';

const run = (id: string) => ({ id, agent: 'reviewer', created_at: '2026-01-01T00:00:00.000Z' });

const newest = run('01aaaaaa-0000-7000-8000-00000000beef');
const older = run('01aaaaaa-0000-7000-8000-00000000cafe');
const oldest = run('01999999-0000-7000-8000-0000000fcafe');
const runs = [newest, older, oldest];

describe('a run is found by', () => {
  test.each([
    ['its id', older.id, older],
    ['the beginning of its id', '0199', oldest],
    ['the end of its id', 'beef', newest],
    ['either in capitals', 'BEEF', newest],
    ["'last', which is the newest", 'last', newest],
  ])('%s', (_what, ref, expected) => {
    expect(findRun(runs, ref)).toBe(expected);
  });
});

function problemOf(ref: string, among = runs) {
  try {
    findRun(among, ref);
  } catch (error) {
    return error instanceof ProblemError ? error.problem : error;
  }
  return undefined;
}

test('a reference that fits several runs names them', () => {
  expect(problemOf('cafe')).toMatchObject({
    code: 'run-ambiguous',
    message: expect.stringContaining(`${older.id} (reviewer, 2026-01-01T00:00:00.000Z), ${oldest.id}`) as string,
  });
});

test('a reference that fits none names the newest runs', () => {
  expect(problemOf('ffff')).toMatchObject({
    code: 'run-unknown',
    message: expect.stringContaining(`no run 'ffff', the newest are ${newest.id}`) as string,
  });
});

test('fewer than four characters are no reference', () => {
  expect(problemOf('bee')).toMatchObject({
    code: 'run-unknown',
    message: expect.stringContaining('an id needs 4 characters or more') as string,
  });
});

test("without any run 'last' is none", () => {
  expect(problemOf('last', [])).toMatchObject({ code: 'run-unknown', message: "no run 'last', none is kept" });
});
