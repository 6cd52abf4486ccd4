import type { ProblemCode } from '../errors/catalogue.ts';
import type { Problem } from '../errors/problem.ts';

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
}

/**
 * Milliseconds to wait before the next attempt, or undefined when there is to be none.
 * @param retries how many attempts may follow the first
 * @param random a number in [0, 1): spreads attempts that failed together
 */
export function retryDelayMs(
  { problem, attempt, delivered }: FailedAttempt,
  retries: number,
  random: number,
): number | undefined {
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
