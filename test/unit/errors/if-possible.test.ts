import { expect, test } from 'vitest';
import { ifPossible } from '../../../src/errors/if-possible.ts';
import { ProblemError } from '../../../src/errors/problem.ts';

test('work that succeeds is what counts', async () => {
  expect(
    await ifPossible(
      () => Promise.resolve('done'),
      () => expect.unreachable(),
    ),
  ).toBe('done');
});

test('where a problem is in the way, what is done without the work is told of it', async () => {
  const problem = new ProblemError({ code: 'storage-failed', message: 'the disk is full' });
  expect(
    await ifPossible(
      () => Promise.reject(problem),
      ({ message }) => message,
    ),
  ).toBe('the disk is full');
});

test('a fault of ours is not hidden', async () => {
  const work = ifPossible(
    () => Promise.reject(new TypeError('undefined is not a function')),
    () => undefined,
  );
  await expect(work).rejects.toThrow(TypeError);
});
