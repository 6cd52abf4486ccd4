import type { Budget } from '../spec/spec.ts';

/** What a part of a run has used. */
export interface Spent {
  tokens: number;
  loads: number;
}

/** The limit that is reached, in words; undefined when none is. What time is up is told by a deadline. Pure. */
export function reachedLimit({ tokens, loads }: Budget = {}, spent: Spent): string | undefined {
  if (tokens !== undefined && spent.tokens >= tokens) return `${tokens} tokens`;
  return loads !== undefined && spent.loads >= loads ? `${loads} model loads` : undefined;
}
