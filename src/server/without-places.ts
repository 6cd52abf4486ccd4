import { ProblemError, type Problem } from '../errors/problem.ts';

/**
 * Does work on a workflow that was sent as keys of a body: we made a file of it, whose lines nobody has seen.
 * @throws ProblemError as the work does, without places
 */
export async function withoutPlaces<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [first, ...more] = error.problems;
    throw new ProblemError(withoutPlace(first), ...more.map(withoutPlace));
  }
}

function withoutPlace({ location: _location, excerpt: _excerpt, ...problem }: Problem): Problem {
  return problem;
}
