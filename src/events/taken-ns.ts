// In: where a run stands. Out: how long it has been going on.
import type { RunState } from './run-state.ts';

/** In nanoseconds; the time between its parts, when nobody went on with it, does not count. */
export function takenNs(
  { completed_at, totals, earlier_ns, part_started_at, last_at }: RunState,
  at = last_at,
): number {
  if (completed_at !== undefined) return totals.total_ns;
  return earlier_ns + Math.max(0, Date.parse(at) - Date.parse(part_started_at)) * 1e6;
}
