import { InvalidArgumentError } from 'commander';
import type { BudgetLimits } from '../agents/schema.ts';
import { closest } from '../errors/suggest.ts';
import { parseGoDuration } from '../lib/go-duration.ts';

const keys = ['tokens', 'loads', 'time'] as const satisfies readonly (keyof BudgetLimits)[];

/** `tokens=50000,loads=3,time=10m`, all at once or in several flags. */
export function readBudget(value: string, previous: BudgetLimits = {}): BudgetLimits {
  return value.split(',').reduce((limits, part) => addLimit(limits, part.trim()), previous);
}

function addLimit(limits: BudgetLimits, part: string): BudgetLimits {
  const [, name = '', text = ''] = /^([^=]*)=(.*)$/.exec(part) ?? [];
  const key = keys.find((known) => known === name);
  if (key === undefined) throw new InvalidArgumentError(unknownLimit(part, name));
  if (limits[key] !== undefined) throw new InvalidArgumentError(`'${key}' is given twice.`);
  return { ...limits, [key]: key === 'time' ? readTime(text) : readAmount(key, text) };
}

function unknownLimit(part: string, name: string): string {
  const match = closest(name, keys);
  const known = `It must be of the form tokens=N,loads=N,time=D, each of them optional`;
  return name === '' || match === undefined ? `${known}; '${part}' is not.` : `${known}; did you mean '${match}'?`;
}

function readAmount(key: string, text: string): number {
  const amount = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (amount > 0 && Number.isSafeInteger(amount)) return amount;
  throw new InvalidArgumentError(
    `${key} must be a whole number above 0, such as ${key}=${key === 'loads' ? 3 : 50000}.`,
  );
}

/** As it was typed, so that an agent shows it like that. */
function readTime(text: string): string | number {
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  const ns = typeof time === 'number' ? time * 1e9 : (parseGoDuration(time) ?? Number.NaN);
  // Timers of the platform hold at most 2^31 - 1 ms.
  if (ns > 0 && ns < 2 ** 31 * 1e6) return time;
  throw new InvalidArgumentError("time must be a duration such as '90s' or '10m', above 0 and below 24 days.");
}
