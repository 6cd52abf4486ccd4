import type { ProblemCode } from './catalogue.ts';

/** What went wrong, as data: shown to people, written to documents and events. */
export interface Problem {
  code: ProblemCode;
  /** One sentence with the value and the place. */
  message: string;
  /** What to type or change. */
  hint?: string | undefined;
  location?: Location | undefined;
  /** The line it stands in and, below it, a row of `^` under the words it is about, which a `did you mean` replaces. */
  excerpt?: string | undefined;
  /** Name of the task it is about. */
  task?: string | undefined;
  /** Address of the server it is about. */
  host?: string | undefined;
  /** What the layer below said. */
  cause?: string | undefined;
}

/** A place in a text the user wrote; lines and columns count from 1. */
export interface Location {
  file?: string | undefined;
  line: number;
  column: number;
}

/** The only error this program throws on purpose. It carries one problem, or all that a check found. */
export class ProblemError extends Error {
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(first: Problem, ...more: Problem[]) {
    super(first.message, { cause: first.cause });
    this.name = 'ProblemError';
    this.problems = [first, ...more];
  }

  get problem(): Problem {
    return this.problems[0];
  }
}

/** More problems than this are not told: nobody reads on. */
export const maxProblems = 100;

/** Throws all problems of a check at once; does nothing when there are none. */
export function throwProblems(problems: readonly Problem[]): void {
  const [first, ...more] = problems.slice(0, maxProblems);
  if (!first) return;
  if (problems.length > maxProblems) {
    more.push({ code: first.code, message: `there are more problems; these are the first ${maxProblems}` });
  }
  throw new ProblemError(first, ...more);
}

/** Any thrown value as a Problem; what is not ours is a fault of this program. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
