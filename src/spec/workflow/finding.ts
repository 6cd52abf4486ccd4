import type { Location, Problem } from '../../errors/problem.ts';

/** A problem and the part of the task it is about, to be looked up where the task came from. */
export type Finding = Problem & { at?: At | undefined };

/** A part of a document. */
export interface At {
  path: readonly PropertyKey[];
  /** `word`: the value without its quotes. Default: the value as it is written. */
  part?: 'key' | 'word' | undefined;
  /** A piece of the text there: from this unit on, so many. */
  piece?: { of: string; start: number; length: number } | undefined;
}

/** Where a part of a document stands in the file, shown. */
export interface Mark {
  location: Location;
  excerpt: string;
}

/** A finding as the user is told it. */
export function toProblem({ at, ...problem }: Finding, mark: ((at: At) => Mark) | undefined): Problem {
  return at && mark ? { ...problem, ...mark(at) } : problem;
}
