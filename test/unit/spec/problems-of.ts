import { ProblemError, type Problem } from '../../../src/errors/problem.ts';

/** The problems some work throws; none when it succeeds. */
export function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}

/** The problems some work rejects with; none when it succeeds. */
export async function problemsOfAsync(work: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}
