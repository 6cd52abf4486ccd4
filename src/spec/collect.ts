import { ProblemError, type Problem } from '../errors/problem.ts';

/** What the work brings; undefined when something is wrong with what it was given. */
export async function collect<T>(problems: Problem[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
