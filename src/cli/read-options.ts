import { InvalidArgumentError, Option } from 'commander';
import { parseGoDuration } from '../lib/go-duration.ts';

// How the values of flags are read. What is wrong with one is told by commander, with the flag's name.

/** A flag that may be given several times; each value is kept as it was typed. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** A flag that may be given several times, each time with something. */
export function collectGiven(value: string, previous: readonly string[] = []): string[] {
  return [...previous, readGiven(value)];
}

/** A flag that may be given several times and takes a comma list each time: `--models a,b --models c`. */
export function collectList(value: string, previous: readonly string[] = []): string[] {
  return [...previous, ...value.split(',').map((item) => item.trim())];
}

/** A flag that may be given several times, `key=value` each time. */
export function collectPairs(value: string, previous: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be of the form key=value.');
  return Object.fromEntries([...Object.entries(previous), [value.slice(0, at), value.slice(at + 1)]]);
}

/** A value that must say something: an unset variable of a script is no directory. */
export function readGiven(value: string): string {
  if (value.trim() !== '') return value;
  throw new InvalidArgumentError('It must not be empty.');
}

/** The file of a flag that takes one: of two, the first would be lost without a word. */
export function readOneFile(value: string, previous: string | undefined): string {
  if (previous !== undefined) throw new InvalidArgumentError('It may be given once.');
  return readGiven(value);
}

/** The name of a model. */
export function readModel(value: string): string {
  const name = value.trim();
  if (/^\S+$/.test(name)) return name;
  throw new InvalidArgumentError('It must be the name of a model.');
}

/** A whole number within bounds. */
export function readCount(min: number, max: number): (value: string) => number {
  return (value) => {
    const count = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (count >= min && count <= max) return count;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** A Go-style duration such as `30s` or `1h30m`, or a bare number of seconds; in milliseconds, above 0. */
export function readDurationMs(value: string): number {
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1e3 : (parseGoDuration(value) ?? Number.NaN) / 1e6;
  // Timers of the platform hold at most 2^31 - 1 ms.
  if (ms > 0 && ms < 2 ** 31) return ms;
  throw new InvalidArgumentError("It must be a duration such as '30s' or '5m', above 0 and below 24 days.");
}

/** A moment, once it is known what time it is now: both in milliseconds since the epoch. */
export type Moment = (nowMs: number) => number;

/** How long ago (`2h`, `30d`, `1w`), a day, or a day and a time; without a zone they are those of this machine. */
export function readMoment(value: string): Moment {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(d|w)$/.exec(value) ?? [];
  const days = unit === undefined ? undefined : Number(count) * (unit === 'w' ? 7 : 1);
  const agoMs = days === undefined ? (parseGoDuration(value) ?? Number.NaN) / 1e6 : days * 24 * 3600e3;
  if (agoMs >= 0) return (nowMs) => nowMs - agoMs;
  // A day alone would be taken as that of Greenwich.
  const atMs = /^\d{4}-\d\d-\d\d(T|$)/.test(value)
    ? Date.parse(value.includes('T') ? value : `${value}T00:00`)
    : Number.NaN;
  if (!Number.isNaN(atMs)) return () => atMs;
  throw new InvalidArgumentError("It must be a time such as '2h' or '30d' ago, or a date such as 2026-01-31.");
}

/** The `--output` flag of a command that knows these formats. */
export function outputOption(...formats: string[]): Option {
  return new Option('--output <FORMAT>', 'form of the result').choices(formats);
}
