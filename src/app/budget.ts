import type { BudgetLimits } from '../agents/schema.ts';
import { ProblemError } from '../errors/problem.ts';
import { parseGoDuration } from '../lib/go-duration.ts';
import type { Budget } from '../spec/spec.ts';

/** Each limit from where it ranks highest; undefined where there is none. */
export function mergeLimits(first: BudgetLimits = {}, second: BudgetLimits = {}): BudgetLimits | undefined {
  const limits = {
    tokens: first.tokens ?? second.tokens,
    loads: first.loads ?? second.loads,
    time: first.time ?? second.time,
  };
  return Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined;
}

/** What a workflow file says, in the words of agents. */
export function toLimits({ timeMs, ...amounts }: Budget = {}): BudgetLimits {
  return { ...amounts, time: timeMs === undefined ? undefined : timeMs / 1e3 };
}

/** @throws ProblemError for limits that are none: a caller of the library may give any */
export function toBudget(limits: BudgetLimits | undefined): Budget | undefined {
  if (!limits) return undefined;
  const { tokens, loads, time } = limits;
  const timeMs = typeof time === 'string' ? (parseGoDuration(time) ?? Number.NaN) / 1e6 : time && time * 1e3;
  const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;
  if (tokens !== undefined && !isAmount(tokens)) throw notALimit('tokens', tokens);
  if (loads !== undefined && !isAmount(loads)) throw notALimit('loads', loads);
  if (timeMs !== undefined && !(timeMs > 0)) throw notALimit('time', time);
  return { tokens, loads, timeMs };
}

function notALimit(key: keyof BudgetLimits, value: unknown): ProblemError {
  const rule = key === 'time' ? "a duration above 0 such as '10m'" : 'a whole number above 0';
  const message = `budget: ${key} must be ${rule}, not ${String(value).slice(0, 80)}`;
  return new ProblemError({ code: 'usage-invalid', message });
}
