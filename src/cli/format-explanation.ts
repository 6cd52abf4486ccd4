// In: where tasks would go. Out: what `explain` prints of it, for people.
import type { Explanation } from '../app/explain.ts';
import { formatTable } from './table.ts';

/** Where one task goes, and below it everything that was looked at. */
export async function formatExplanation(task: Explanation): Promise<string> {
  const { type, kind, candidates } = task;
  const hasHosts = new Set(candidates.map(({ host }) => host)).size > 1;
  const rows = candidates.map(({ model, host, score, reasons, dropped }) => [
    model,
    ...(hasHosts ? [host] : []),
    dropped === true ? '-' : String(score),
    reasons.join('; '),
  ]);
  const table = await formatTable([['MODEL', ...(hasHosts ? ['SERVER'] : []), 'SCORE', 'WHY'], ...rows]);
  const head = `${type}, ${kind === 'other' ? 'no special kind of work' : kind}: ${targetOf(task)}`;
  return candidates.length === 0 ? `${head}\n` : `${head}\n\n${table}`;
}

/** A row per task. */
export function formatExplanations(tasks: readonly Explanation[]): Promise<string> {
  const rows = tasks.map((task) => [
    String(task.index + 1),
    task.type,
    task.kind,
    task.model ?? '-',
    task.problem?.message ?? task.reasons.join('; '),
  ]);
  return formatTable([['TASK', 'TYPE', 'KIND', 'MODEL', 'WHY'], ...rows]);
}

function targetOf({ model, host, problem, candidates }: Explanation): string {
  if (problem) return `no model: ${problem.message}${problem.hint === undefined ? '' : ` (${problem.hint})`}`;
  if (model === undefined) return candidates.length === 0 ? 'needs no model' : 'no model';
  return `goes to ${model}${host === undefined ? '' : ` on ${host}`}`;
}
