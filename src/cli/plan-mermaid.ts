// In: a plan. Out: its graph as Mermaid, which GitHub, GitLab and many editors draw.
import { fitText } from '../lib/fit-text.ts';
import type { PlannedTask, PlanSnapshot } from '../events/plan-snapshot.ts';

/** The graph: an arrow for each need, a dashed one for mere order, a double frame for a step that becomes several. */
export function formatMermaid({ tasks }: PlanSnapshot): string {
  // Names are no ids there: `end` is a word of the language.
  const ids = new Map(tasks.map(({ task }, index) => [task, `n${index + 1}`]));
  const idOf = (task: string): string => ids.get(task) ?? '';
  const edges = tasks.flatMap(({ task, needs, after }) => [
    ...needs.map((need) => `${idOf(need)} --> ${idOf(task)}`),
    ...(after === undefined ? [] : [`${idOf(after)} -.-> ${idOf(task)}`]),
  ]);
  const nodes = tasks.map((task) => `${idOf(task.task)}${frame(task)}`);
  return ['flowchart TD', ...[...nodes, ...edges].map((line) => `  ${line}`), ''].join('\n');
}

function frame(task: PlannedTask): string {
  const label = `"${labelOf(task)}"`;
  return task.foreach === undefined ? `[${label}]` : `[[${label}]]`;
}

function labelOf({ task, type, candidates, problem, ...steering }: PlannedTask): string {
  const { if: condition, foreach, continue_on_error, agent } = steering;
  const [first] = candidates;
  const lines = [
    task,
    first ? `${type}, ${first.model}` : type,
    ...(foreach === undefined ? [] : [`for each of ${cut(String(foreach))}`]),
    ...(condition === undefined ? [] : [`if ${cut(condition)}`]),
    ...(continue_on_error === true ? ['may fail'] : []),
    ...(agent === undefined ? [] : [`by ${agent}`]),
    ...(problem ? [`cannot run: ${problem.code}`] : []),
  ];
  return lines.map(escape).join('<br>');
}

/** Expressions may be long, and a label is not. */
function cut(text: string): string {
  return fitText(text, 60, { unicode: true, keep: 'start' });
}

/** Within quotes still Markdown and HTML: all but plain characters goes as an entity, which Mermaid writes with `#`. */
function escape(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:/()=!'+…-]/gu, (character) => `#${character.codePointAt(0) ?? 32};`);
}
