import type { Problem } from '../errors/problem.ts';
import { neutralizeLine } from '../lib/neutralize.ts';

/** What people are told, on a line, when a run goes on without the journal. */
export function unkeptWarning({ message, hint }: Problem): string {
  const advice = hint === undefined ? '' : `; ${hint}`;
  return `${neutralizeLine(`warning: this run is not kept: ${message}${advice}`)}\n`;
}
