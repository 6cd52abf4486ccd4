import type { PlannedTask, PlanSnapshot } from '../events/plan-snapshot.ts';
import { inlineMarkdown } from '../render/markdown.ts';
import { formatTable } from './table.ts';

const columns = ['TASK', 'TYPE', 'KIND', 'MODEL', 'HOST', 'NEEDS', 'WHY'];

/** A plan for people: a row per task, then what is to be said about them. */
export async function formatPlan({ tasks }: PlanSnapshot): Promise<string> {
  const table = await formatTable([columns, ...tasks.map(toRow)]);
  const remarks = tasks.flatMap(({ task, problem, warnings = [] }) => [
    ...warnings.map(({ message }) => `warning: ${task}: ${message}\n`),
    ...(problem
      ? [`error: ${task}: ${problem.message}\n${problem.hint === undefined ? '' : `  ${problem.hint}\n`}`]
      : []),
  ]);
  return [table, ...(remarks.length > 0 ? ['\n', ...remarks] : [])].join('');
}

/** The same in Markdown. */
export function formatPlanReport({ tasks }: PlanSnapshot): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const remarks = tasks.flatMap(({ task, problem, warnings = [] }) => [
    ...warnings.map(({ message }) => `- warning: ${inlineMarkdown(`${task}: ${message}`)}\n`),
    ...(problem
      ? [`- ${inlineMarkdown(`${task}: ${[problem.message, problem.hint].filter(Boolean).join('; ')}`)}\n`]
      : []),
  ]);
  return [
    row(columns.map((name) => name.toLowerCase())),
    row(columns.map(() => '---')),
    ...tasks.map((task) => row(toRow(task).map(inlineMarkdown))),
    ...(remarks.length > 0 ? ['\n', ...remarks] : []),
  ].join('');
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
