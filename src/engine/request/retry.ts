import type { ProblemCode } from '../../errors/catalogue.ts';
import type { Problem } from '../../errors/problem.ts';

/** Faults that may be gone the next time. Never a timeout: the server may still be at work. */
const retryable: ReadonlySet<ProblemCode> = new Set([
  'host-unreachable',
  'host-gone',
  'server-busy',
  'server-error',
  'model-failed',
  'stream-broken',
  'stream-incomplete',
]);

export interface FailedAttempt {
  problem: Problem;
  /** 1 for the first. */
  attempt: number;
  /** Whether a piece of the answer had arrived: it may have been shown already. */
  delivered: boolean;
  /** Whole answers so far that were not of the form asked for. */
  invalidAnswers?: number | undefined;
}

/** The first answer may be mended, and then asked for afresh. */
const maxInvalidAnswers = 2;

/**
 * Milliseconds to wait before the next attempt, or undefined when there is to be none.
 * @param retries how many attempts may follow the first
 * @param random a number in [0, 1): spreads attempts that failed together
 */
export function retryDelayMs(
  { problem, attempt, delivered, invalidAnswers = 0 }: FailedAttempt,
  retries: number,
  random: number,
): number | undefined {
  if (invalidAnswers > 0 && problem.code === 'output-invalid') {
    return attempt > retries || invalidAnswers > maxInvalidAnswers ? undefined : 0;
  }
  if (delivered || attempt > retries || !retryable.has(problem.code)) return undefined;
  return Math.min(500 * 2 ** (attempt - 1), 30_000) * (0.75 + random / 2);
}

/** Whether it is the server that cannot be reached, whoever asks. */
export function isHostProblem({ code }: Problem): boolean {
  return code === 'host-unreachable' || code === 'host-gone';
}

/** Whether one call of a batch may have spoilt the request for the others. */
export function mayBeAboutOne(problem: Problem): boolean {
  return !isHostProblem(problem) && !aboutAll.has(problem.code);
}

const aboutAll: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'host-not-ollama',
  'model-missing',
  'model-incapable',
  'endpoint-missing',
  'access-denied',
  'rate-limited',
  'timeout',
  'stalled',
]);
