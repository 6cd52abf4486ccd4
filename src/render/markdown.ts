// In: a run that has ended. Out: a report in Markdown.
import type { TaskFinished } from '../events/event.ts';
import type { RunState, TaskState } from '../events/run-state.ts';
import { isSuccess, type RunRecord } from '../events/to-run-document.ts';
import { formatRate, formatSeconds } from '../lib/format-numbers.ts';
import { neutralizeLine } from '../lib/neutralize.ts';
import { answersOf, isComparison, oneLine, toCompared, type ComparedAnswer } from './comparison.ts';
import { choiceLines, problemLines, warningLines } from './problems.ts';
import { costText, totalsText, withItems } from './words.ts';

export interface ReportOptions {
  /** Longer outputs are cut, and say so. */
  maxOutputLength: number;
  /** More tasks than this and the table holds only those that did not complete. */
  maxRows: number;
}

/** The report: totals, a table of the tasks, problems and warnings, then each output under a heading. */
export function formatReport({ state, finished }: RunRecord, options: ReportOptions): string {
  const parts = [
    `# ${inlineMarkdown(state.agent)}: ${state.run_type === 'workflow' ? 'workflow' : 'tasks'} ${state.status}`,
    `${inlineMarkdown(totalsText(state))}.`,
    table(state, options),
    ...notes(state),
    ...outputs({ state, finished }, options),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function table(state: RunState, { maxRows }: ReportOptions): string {
  const all = withItems(state);
  const shown = all.length <= maxRows ? all : all.filter((task) => !isSuccess(task)).slice(0, maxRows);
  if (shown.length === 0) return '';
  return [
    '| task | status | model | time | load | tokens in | tokens out | tokens/s |',
    '| --- | --- | --- | --: | --: | --: | --: | --: |',
  ]
    .concat(shown.map(row))
    .join('\n');
}

function row({ name, status, model = '', metrics }: TaskState): string {
  return `| ${[inlineMarkdown(name), status, inlineMarkdown(model), ...costCells({ metrics })].join(' | ')} |`;
}

/** Time, load, tokens in, tokens out and tokens per second. */
function costCells({ metrics }: Pick<TaskState, 'metrics'>): (string | number)[] {
  const time = (ns: number | undefined) => (ns === undefined ? '' : formatSeconds(ns));
  return [
    time(metrics?.total_ns),
    time(metrics?.load_ns),
    metrics?.prompt_tokens ?? '',
    metrics?.output_tokens ?? '',
    metrics?.tokens_per_second === undefined ? '' : formatRate(metrics.tokens_per_second),
  ];
}

function notes(state: RunState): string[] {
  const problems = problemLines(state).map((line) => `- ${inlineMarkdown(line)}`);
  const warnings = warningLines(state).map((text) => `- warning: ${inlineMarkdown(text)}`);
  const choices = choiceLines(state).map((line) => `- ${inlineMarkdown(line)}`);
  const all = [...choices, ...problems, ...warnings];
  return all.length === 0 ? [] : [all.join('\n')];
}

/** The text of a step with items is that of its items. */
function outputs({ state, finished }: RunRecord, options: ReportOptions): string[] {
  const names = [...state.tasks.values()].flatMap(({ name, parent }) => (parent === undefined ? [name] : []));
  const endsOf = (some: readonly string[]): TaskFinished[] => some.flatMap((name) => finished.get(name) ?? []);
  if (isComparison(names)) {
    return toCompared(names).flatMap((each) => comparison(each.task, answersOf(endsOf(each.names)), options));
  }
  return endsOf(names)
    .filter(isSuccess)
    .flatMap((event) => [`## ${inlineMarkdown(event.task)}`, outputText(event, options)]);
}

/** What several models made of one task: a table where the answers are short, else one below the other. */
function comparison(task: string, answers: readonly ComparedAnswer[], options: ReportOptions): string[] {
  const [first] = answers;
  if (!first) return [];
  const title = neutralizeLine(first.event.input);
  const heading = `## ${inlineMarkdown(`${task}: ${title.length > mostTitle ? `${title.slice(0, mostTitle)}…` : title}`)}`;
  const isShort = answers.every(
    ({ event, isSuccess }) => !isSuccess || (oneLine(event)?.length ?? Infinity) <= mostCell,
  );
  if (isShort) return [heading, comparisonTable(answers)];
  return [heading, ...answers.flatMap((answer) => comparisonBlock(answer, options))];
}

/** Characters of a prompt in a heading, and of an answer in a cell. */
const mostTitle = 80;
const mostCell = 80;

function comparisonTable(answers: readonly ComparedAnswer[]): string {
  const rows = answers.map(({ model, event, isSuccess }) => {
    const cells = [...costCells(event), isSuccess ? inlineMarkdown(oneLine(event) ?? '') : `_${event.status}_`];
    return `| ${[inlineMarkdown(model), ...cells].join(' | ')} |`;
  });
  return [
    '| model | time | load | tokens in | tokens out | tokens/s | answer |',
    '| --- | --: | --: | --: | --: | --: | --- |',
  ]
    .concat(rows)
    .join('\n');
}

function comparisonBlock({ model, event, isSuccess }: ComparedAnswer, options: ReportOptions): string[] {
  const cost = isSuccess ? costText(event) : event.status;
  return [
    `### ${inlineMarkdown(model)}`,
    ...(cost === '' ? [] : [`_${cost}_`]),
    ...(isSuccess ? [outputText(event, options)] : []),
  ];
}

function outputText(event: TaskFinished, { maxOutputLength }: ReportOptions): string {
  const text = event.embedding ? `\`\`\`json\n${JSON.stringify(event.embedding)}\n\`\`\`` : (event.output ?? '');
  const cut =
    text.length <= maxOutputLength ? text : `${text.slice(0, maxOutputLength)}\n… (${text.length} characters in all)`;
  return closeFence(cut);
}

/** A code block the model left open would swallow the rest of the report. */
function closeFence(text: string): string {
  let open: string | undefined;
  for (const [, fence = '', rest = ''] of text.matchAll(/^ {0,3}(`{3,}|~{3,})(.*)$/gm)) {
    if (open === undefined) open = fence;
    else if (fence.startsWith(open) && rest.trim() === '') open = undefined;
  }
  return open === undefined ? text : `${text}\n${open}`;
}

/** Text of users, servers and models within a line or a cell. */
export function inlineMarkdown(text: string): string {
  return neutralizeLine(text).replace(/[\\`*_<>|[\]#]/g, '\\$&');
}
