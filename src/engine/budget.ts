import { countOf } from '../lib/format-numbers.ts';
import type { Budget } from '../spec/spec.ts';

/** What a part of a run has used. */
export interface Spent {
  tokens: number;
  loads: number;
}

/** The limit that is reached, in words; undefined when none is. What time is up is told by a deadline. Pure. */
export function reachedLimit({ tokens, loads }: Budget = {}, spent: Spent): string | undefined {
  if (tokens !== undefined && spent.tokens >= tokens) return limitText(tokens, 'token', spent.tokens);
  return loads !== undefined && spent.loads >= loads ? limitText(loads, 'model load', spent.loads) : undefined;
}

/** What was under way when the limit came near may have gone beyond it. */
function limitText(limit: number, noun: string, used: number): string {
  return `${countOf(limit, noun)}${used > limit ? `, ${used} are used` : ''}`;
}
