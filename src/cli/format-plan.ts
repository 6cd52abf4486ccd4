// In: a plan. Out: what `--dry-run` prints of it, for people, as text and as Markdown.
import type { PlannedTask, PlanSnapshot, Prediction } from '../events/plan-snapshot.ts';
import { countOf, formatSeconds } from '../lib/format-numbers.ts';
import { inlineMarkdown } from '../render/markdown.ts';
import { stagesOf, waitsFor } from '../plan/stages.ts';
import { formatTable } from './table.ts';

/** How the tasks of the run are called. */
export type Noun = 'task' | 'step';

/** A plan on a terminal: its graph, a row per task in the order of their start, where they go and why, and remarks. */
export async function formatPlan(plan: PlanSnapshot, noun: Noun): Promise<string> {
  const rows = toRows(plan, noun);
  const table = await formatTable(rows.cells, 2);
  const lines = table.trimEnd().split('\n');
  // Below its row, under its name.
  const indent = ' '.repeat(plan.order ? rows.stageWidth + 2 : 0);
  const body = lines.flatMap((line, index) => [
    line,
    ...(rows.details[index] ?? []).map((text) => `${indent}  ${text}`),
  ]);
  const sections = [
    [summary(plan, noun), ...prediction(plan)],
    body,
    [...legend(plan, noun), ...routes(plan)],
    remarks(plan),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

/** The same in Markdown. */
export function formatPlanReport(plan: PlanSnapshot, noun: Noun): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [head = [], ...rows] = toRows(plan, noun).cells;
  const details = inOrder(plan).flatMap((task) => detailsOf(task).map((text) => `${task.task}: ${text}`));
  const table = [
    row(head.map((title) => title.toLowerCase())),
    row(head.map(() => '---')),
    ...rows.map((cells) => row(cells.map(inlineMarkdown))),
  ];
  const list = (texts: readonly string[]): string => texts.map((text) => `- ${inlineMarkdown(text)}`).join('\n');
  const notes = remarks(plan).map((text) => text.replace('\n  ', '; '));
  const parts = [
    [summary(plan, noun), ...prediction(plan)].map((text) => `${inlineMarkdown(text)}.`).join('\n'),
    table.join('\n'),
    legend(plan, noun).join('\n'),
    list([...details, ...routes(plan)]),
    list(notes),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** `4 steps, longest path 3: plan → code → style` */
function summary({ tasks, longest_path: path }: PlanSnapshot, noun: Noun): string {
  const count = countOf(tasks.length, noun);
  if (!path) return tasks.length > 1 ? `${count}, none waits for another` : count;
  const isLong = path.length > 8;
  const shown = isLong ? [...path.slice(0, 4), '…', ...path.slice(-3)] : path;
  return `${count}, longest path ${path.length}: ${shown.join(' → ')}`;
}

const bases: Record<Prediction['based_on'], string> = {
  measured: 'as in earlier runs',
  sizes: 'guessed from sizes of models',
  both: 'in part guessed from sizes of models',
};

/** `about 12.5s, with 2 model loads (as in earlier runs)` */
function prediction({ predicted }: PlanSnapshot): string[] {
  if (!predicted) return [];
  const { total_ns, model_loads, based_on } = predicted;
  return [`about ${formatSeconds(total_ns)}, with ${countOf(model_loads, 'model load')} (${bases[based_on]})`];
}

interface Rows {
  /** The first row holds the titles. */
  cells: string[][];
  /** What is to be said below each row. */
  details: string[][];
  stageWidth: number;
}

function toRows(plan: PlanSnapshot, noun: Noun): Rows {
  const tasks = inOrder(plan);
  const stages = stagesOf(plan.tasks.map((task) => ({ name: task.task, needs: waitsFor(task) })));
  const stageWidth = 'STAGE'.length;
  const columns: [title: string, cell: (task: PlannedTask) => string][] = [
    ['STAGE', ({ task }) => String(stages.get(task) ?? 1).padStart(stageWidth)],
    [noun.toUpperCase(), ({ task }) => task],
    ['TYPE', ({ type }) => type],
    ['KIND', ({ kind }) => kind],
    ['MODEL', ({ candidates }) => candidates[0]?.model ?? '-'],
    ['PROMPT', sizeText],
    ['NEEDS', ({ needs, after }) => [...needs, ...(after === undefined ? [] : [`after ${after}`])].join(', ')],
  ];
  const shown = columns.filter(([title]) => plan.order !== undefined || !['STAGE', 'NEEDS'].includes(title));
  return {
    cells: [shown.map(([title]) => title), ...tasks.map((task) => shown.map(([, cell]) => cell(task)))],
    details: [[], ...tasks.map(detailsOf)],
    stageWidth,
  };
}

function inOrder({ tasks, order }: PlanSnapshot): PlannedTask[] {
  if (!order) return tasks;
  const byName = new Map(tasks.map((task) => [task.task, task]));
  return order.flatMap((name) => byName.get(name) ?? []);
}

/** `~120 of 8192`, `~60+ of 8192` where outputs are still to come. */
function sizeText({ prompt_tokens: tokens, prompt_incomplete, context_length }: PlannedTask): string {
  if (tokens === undefined) return '-';
  return `~${tokens}${prompt_incomplete === true ? '+' : ''}${context_length === undefined ? '' : ` of ${context_length}`}`;
}

/** What decides whether and how often it is done, and by whom. */
function detailsOf({ if: condition, foreach, continue_on_error, agent, form }: PlannedTask): string[] {
  return [
    ...(condition === undefined ? [] : [`if ${condition}`]),
    ...(foreach === undefined
      ? []
      : [`for each of ${typeof foreach === 'number' ? countOf(foreach, 'item') : foreach}`]),
    ...(continue_on_error === true ? ['may fail'] : []),
    ...(agent === undefined ? [] : [`by agent ${agent}`]),
    ...(form === undefined ? [] : [`gives ${form}`]),
  ];
}

function legend({ tasks }: PlanSnapshot, noun: Noun): string[] {
  if (tasks.every(({ prompt_tokens }) => prompt_tokens === undefined)) return [];
  const isOpen = tasks.some(({ prompt_incomplete }) => prompt_incomplete);
  return [`PROMPT: tokens of the context, estimated${isOpen ? `; +: outputs of other ${noun}s are to come` : ''}`];
}

/** Where the tasks go first, and why: `codellama on http://…: made for code (review, fix)`. */
function routes({ tasks }: PlanSnapshot): string[] {
  const groups = grouped(
    tasks.flatMap(({ task, candidates: [first] }) =>
      first ? [[`${first.model} on ${first.host}: ${first.reasons.join('; ')}`, task] as const] : [],
    ),
  );
  return [...groups].map(([text, names]) => (groups.size === 1 ? text : `${text} (${shorten(names)})`));
}

function remarks({ tasks }: PlanSnapshot): string[] {
  const warnings = grouped(
    tasks.flatMap(({ task, warnings = [] }) => warnings.map(({ message }) => [message, task] as const)),
  );
  const problems = grouped(
    tasks.flatMap(({ task, problem }) =>
      problem ? [[problem.message + (problem.hint === undefined ? '' : `\n  ${problem.hint}`), task] as const] : [],
    ),
  );
  return [
    ...[...warnings].map(([message, names]) => `warning: ${shorten(names)}: ${message}`),
    ...[...problems].map(([message, names]) => `error: ${shorten(names)}: ${message}`),
  ];
}

/** The names behind each text, in their order. */
function grouped(pairs: readonly (readonly [text: string, name: string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [text, name] of pairs) {
    const names = groups.get(text);
    if (names) names.push(name);
    else groups.set(text, [name]);
  }
  return groups;
}

const namesShown = 5;

function shorten(names: readonly string[]): string {
  const rest = names.length - namesShown;
  return rest > 1 ? `${names.slice(0, namesShown).join(', ')} and ${rest} more` : names.join(', ');
}
