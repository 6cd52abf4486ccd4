// stdout as text for a run with each model: a heading for each task, and the answers of all models below it.
import type { RunEvent, TaskFinished } from '../events/event.ts';
import { fitText, padText, textWidth } from '../lib/fit-text.ts';
import { formatRate, formatSeconds } from '../lib/format-numbers.ts';
import { neutralizeLine } from '../lib/neutralize.ts';
import { answersOf, oneLine, toCompared, type Compared, type ComparedAnswer } from './comparison.ts';
import { createPaint } from './paint.ts';
import type { RenderContext, Renderer } from './renderer.ts';
import { toShown } from './shown-answer.ts';
import { costText } from './words.ts';

/** Where nobody tells how wide a line may be. */
const usualColumns = 100;

/** Each task as soon as all models are through with it, in the order of the plan. */
export function createComparisonAnswer(context: RenderContext): Renderer {
  const held = new Map<string, TaskFinished>();
  const print = createPrinter(context);
  let open: Compared[] | undefined;
  const printNext = (isEnough: (compared: Compared) => boolean): void => {
    for (let [next] = open ?? []; next && isEnough(next); [next] = open ?? []) {
      open?.shift();
      print(next.task, answersOf(next.names.flatMap((name) => held.get(name) ?? [])));
      for (const name of next.names) held.delete(name);
    }
  };
  return {
    onEvent(event: RunEvent) {
      // A further part of a run has the same tasks.
      if (event.type === 'run.started') open ??= toCompared(event.plan.tasks.map(({ task }) => task));
      if (event.type !== 'task.finished') return;
      held.set(event.task, event);
      printNext(({ names }) => names.every((name) => held.has(name)));
    },
    close() {
      // A run that broke off: what there is.
      printNext(() => true);
      return context.screen.drained();
    },
  };
}

function createPrinter(context: RenderContext): (task: string, answers: readonly ComparedAnswer[]) => void {
  const { screen, unicode } = context;
  const paint = createPaint(context.color.stdout);
  const columns = context.host.io.stdout.columns ?? usualColumns;
  return (task, answers) => {
    const [first] = answers;
    if (!first) return;
    const title = fitText(neutralizeLine(`=== ${task}: ${first.event.input}`), columns, { unicode, keep: 'start' });
    const lines = toTable(answers, context);
    const isTable = lines?.every((line) => textWidth(line) <= columns) === true;
    const body = isTable ? [lines.join('\n')] : answers.map((answer) => toBlock(answer, context));
    const gap = isTable ? '\n' : '\n\n';
    screen.print(`${screen.hasPrinted() ? '\n' : ''}${paint.bold(title)}${gap}${body.join('\n\n')}\n`);
  };
}

/** A row for each model; undefined when an answer is not one line. */
function toTable(answers: readonly ComparedAnswer[], context: RenderContext): string[] | undefined {
  if (answers.length === 1 || answers.some(({ event, isSuccess }) => isSuccess && oneLine(event) === undefined)) {
    return undefined;
  }
  const rows = answers.map(({ model, event, isSuccess }) => {
    const { total_ns, output_tokens, tokens_per_second } = event.metrics ?? {};
    return [
      neutralizeLine(model),
      total_ns === undefined ? '' : formatSeconds(total_ns),
      output_tokens === undefined ? '' : String(output_tokens),
      tokens_per_second === undefined ? '' : formatRate(tokens_per_second),
      isSuccess ? toShown(event, context).trim() : `(${event.status})`,
    ];
  });
  return align([['MODEL', 'TIME', 'OUT', 'TOK/S', 'ANSWER'], ...rows]);
}

/** Models to the left, numbers to the right, and answers as long as they are. */
function align(rows: readonly (readonly string[])[]): string[] {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => textWidth(row[column] ?? ''))));
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    if (column === 0) return padText(cell, width);
    return column === head.length - 1 ? cell : cell.padStart(width);
  };
  return rows.map((row) => row.map(pad).join('   '));
}

function toBlock({ model, event, isSuccess }: ComparedAnswer, context: RenderContext): string {
  const { bold } = createPaint(context.color.stdout);
  const cost = isSuccess ? costText(event) : event.status;
  const heading = bold(neutralizeLine(`--- ${model}${cost === '' ? '' : `: ${cost}`}`));
  return isSuccess ? `${heading}\n${toShown(event, context)}` : heading;
}
