const unitsInNs: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** The longest duration Go knows. */
const maxNs = 2 ** 63 - 1;

/** How a Go duration is written, for JSON Schemas. */
export const goDurationPattern = '^[+-]?(?:0|(?:(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$';

/** Nanoseconds of a Go duration (`300ms`, `1h30m`, `-1s`, `0`); undefined when the text is none. */
export function parseGoDuration(text: string): number | undefined {
  const match = /^([+-]?)(.+)$/.exec(text);
  if (!match) return undefined;
  const [, sign, rest = ''] = match;
  if (rest === '0') return 0;
  const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
  let total = 0;
  while (part.lastIndex < rest.length) {
    const found = part.exec(rest);
    if (!found) return undefined;
    total += Number(found[1]) * (unitsInNs[found[2] ?? ''] ?? Number.NaN);
  }
  if (total > maxNs) return undefined;
  return Math.round(sign === '-' && total > 0 ? -total : total);
}

/** Nanoseconds as Go prints a duration: `1.5s`, `2m0s`, `300ms`, `0s`. */
export function formatGoDuration(value: number): string {
  const ns = Math.round(value);
  if (ns < 0) return `-${formatGoDuration(-ns)}`;
  if (ns === 0) return '0s';
  if (ns < 1e3) return `${ns}ns`;
  if (ns < 1e6) return `${trim(ns / 1e3, 3)}µs`;
  if (ns < 1e9) return `${trim(ns / 1e6, 6)}ms`;
  const hours = Math.floor(ns / 3600e9);
  const minutes = Math.floor((ns % 3600e9) / 60e9);
  const seconds = `${trim((ns % 60e9) / 1e9, 9)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function trim(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}
