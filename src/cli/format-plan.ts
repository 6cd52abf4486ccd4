import type { PlannedTask, PlanSnapshot } from '../events/plan-snapshot.ts';
import { formatTable } from './table.ts';

/** A plan for people: a row per task, then what is to be said about them. */
export async function formatPlan({ tasks }: PlanSnapshot): Promise<string> {
  const table = await formatTable([['TASK', 'TYPE', 'KIND', 'MODEL', 'HOST', 'NEEDS', 'WHY'], ...tasks.map(toRow)]);
  const remarks = tasks.flatMap(({ task, problem, warnings = [] }) => [
    ...warnings.map(({ message }) => `warning: ${task}: ${message}\n`),
    ...(problem
      ? [`error: ${task}: ${problem.message}\n${problem.hint === undefined ? '' : `  ${problem.hint}\n`}`]
      : []),
  ]);
  return [table, ...(remarks.length > 0 ? ['\n', ...remarks] : [])].join('');
}

function toRow({ task, type, kind, needs, candidates }: PlannedTask): string[] {
  const [first] = candidates;
  return [
    task,
    type,
    kind,
    first?.model ?? '-',
    first?.host ?? '-',
    needs.join(', ') || '-',
    first?.reasons.join('; ') ?? '-',
  ];
}
