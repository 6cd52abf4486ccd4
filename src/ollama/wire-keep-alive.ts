import { parseGoDuration } from '../lib/go-duration.ts';

/** How long a model stays in memory after its last request when no request said otherwise. */
export const defaultKeepAliveMs = 5 * 60_000;

/** A request's `keep_alive` in milliseconds; Infinity: for ever; undefined: not given. */
export function readKeepAliveMs(value: string | number | null | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  const ms = typeof value === 'number' ? value * 1000 : (parseGoDuration(value) ?? 0) / 1e6;
  return ms < 0 ? Infinity : ms;
}
