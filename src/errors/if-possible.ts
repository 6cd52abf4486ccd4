import { ProblemError, type Problem } from './problem.ts';

/** What the work comes to, or where a problem is in its way, what is done without it. A fault of ours still throws. */
export async function ifPossible<T, O>(work: () => Promise<T>, otherwise: (problem: Problem) => O): Promise<T | O> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) return otherwise(error.problem);
    throw error;
  }
}
