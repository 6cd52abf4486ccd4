import { wireFigures, type WireMetrics } from '../../ollama/wire.ts';

/** What two answers cost together; how it ended is told by the later one. */
export function addMetrics(before: WireMetrics | undefined, after: WireMetrics | undefined): WireMetrics | undefined {
  if (!before || !after) return after ?? before;
  const added = wireFigures.map((key) => {
    const isKnown = before[key] !== undefined || after[key] !== undefined;
    return [key, isKnown ? (before[key] ?? 0) + (after[key] ?? 0) : undefined] as const;
  });
  return { ...after, ...Object.fromEntries(added) };
}
