import type { z } from 'zod';
import { closest } from '../errors/suggest.ts';
import { isRecord } from './schema.ts';

/** `did you mean '30s'?` for a value of the wrong kind that says clearly enough what was meant. */
export function suggestValue(issue: z.core.$ZodIssue, root: unknown): string | undefined {
  const value = issue.path.reduce<unknown>((inner, key) => childOf(inner, key), root);
  const meant = meantBy(value, issue);
  return meant === undefined ? undefined : `did you mean '${meant}'?`;
}

function meantBy(value: unknown, issue: z.core.$ZodIssue): string | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'boolean';
  if (issue.message === 'must be text') return isNumber ? JSON.stringify(String(value)) : undefined;
  if (typeof value !== 'string') return undefined;
  if (issue.message.startsWith('must be a duration')) return toDuration(value);
  if (issue.message === 'must be true or false') return toBoolean(value);
  if (issue.message.startsWith('must be a whole number')) return /^\d+$/.exec(value.trim())?.[0];
  return closest(value, choicesOf(issue));
}

/** The words a value may be; none where it may be any. */
function choicesOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(choicesOf);
  return issue.code === 'invalid_value' ? issue.values.map(String) : [];
}

/** YAML 1.1 took these words for true and false; many files still hold them. */
function toBoolean(value: string): string | undefined {
  if (/^(yes|on|y|true)$/i.test(value)) return 'true';
  return /^(no|off|n|false)$/i.test(value) ? 'false' : undefined;
}

function toDuration(value: string): string | undefined {
  const words = /^\s*(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\s*$/i.exec(
    value,
  );
  const [, count, unit = ''] = words ?? [];
  if (count === undefined) return undefined;
  return `${count}${/^(ms|milli)/i.test(unit) ? 'ms' : unit.charAt(0).toLowerCase()}`;
}

function childOf(value: unknown, key: PropertyKey): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? (value[key] as unknown) : undefined;
  return isRecord(value) ? value[String(key)] : undefined;
}
