import type { RunEvent, TaskFinished } from '../events/event.ts';
import { reduce } from '../events/reduce.ts';
import type { RunState, TaskState } from '../events/run-state.ts';
import { countOf, formatSeconds } from '../lib/format-numbers.ts';
import { neutralizeLine } from '../lib/neutralize.ts';
import { hasNews } from './has-news.ts';
import { createPaint, type Paint } from './paint.ts';
import { isByChoice, problemLines, problemText } from './problems.ts';
import type { RenderContext, Renderer } from './renderer.ts';
import { costText, fallbackText, hostText, runText, totalsText, waitingText } from './words.ts';

/** One plain line per transition, for pipes and CI logs. */
export function createLinesView(context: RenderContext): Renderer {
  return createView(context, () => true);
}

/** Only what a person who reads the answer as it arrives would miss: retries, warnings, lost servers and the totals. */
export function createNoticesView(context: RenderContext): Renderer {
  const { verbose } = context;
  return createView(context, ({ type }) => verbose || !['run.started', 'task.started', 'task.waiting'].includes(type));
}

function createView(context: RenderContext, isShown: (event: RunEvent) => boolean): Renderer {
  const paint = createPaint(context.color.stderr);
  const write = (line: string) => void context.host.io.stderr.write(`${line}\n`);
  let state: RunState | undefined;
  return {
    onEvent(event) {
      state = reduce(state, event);
      if (isShown(event)) toLines(event, state, { paint, verbose: context.verbose }).forEach(write);
    },
    onPast(event) {
      state = reduce(state, event);
    },
    close() {
      if (state && hasNews(state, context.host)) summaryLines(state, paint).forEach(write);
    },
  };
}

interface Style {
  paint: Paint;
  verbose: boolean;
}

function toLines(event: RunEvent, state: RunState, style: Style): string[] {
  if (event.type === 'run.started') return [runText(state)];
  if (event.type === 'host.changed') return [style.paint.yellow(hostText(event.host, event.state, event.problem))];
  if (event.type === 'run.finished') return [];
  const task = state.tasks.get(event.task);
  if (!task) return [];
  const name = neutralizeLine(event.task);
  switch (event.type) {
    case 'task.delta':
      return [];
    case 'task.expanded':
      return [`${name}: ${countOf(event.items, 'item')}`];
    case 'task.waiting':
      return style.verbose ? [style.paint.dim(`${name} ${waitingText(task, state)}`)] : [];
    case 'task.started':
      return [startedLine(task, style)];
    case 'task.retrying': {
      const when = event.delay_ns > 0 ? `in ${formatSeconds(event.delay_ns)}` : 'now';
      const what = `attempt ${event.attempt} failed: ${event.problem.message}; retrying ${when}`;
      return [style.paint.yellow(neutralizeLine(`${name} ${what}`))];
    }
    case 'task.finished':
      return finishedLines(task, event, style);
  }
}

function startedLine(task: TaskState, { verbose }: Style): string {
  const { name, model, host, attempts, reasons } = task;
  const what = [
    `${name} started`,
    attempts > 1 ? ` (attempt ${attempts})` : '',
    model === undefined ? '' : `: ${model}`,
    host === undefined ? '' : ` on ${host}`,
    fallbackText(task) === undefined ? '' : `, ${fallbackText(task) ?? ''}`,
    verbose && reasons.length > 0 ? ` (${reasons.join('; ')})` : '',
  ];
  return neutralizeLine(what.join(''));
}

/** Never sent: such tasks often fail by the dozen and for one reason, which the summary then says once. */
function isUnsent({ status, attempts }: TaskState): boolean {
  return status === 'failed' && attempts === 0;
}

function finishedLines(task: TaskState, event: TaskFinished, { paint, verbose }: Style): string[] {
  if (isUnsent(task)) return [];
  const lines = [endLine(task, event, paint)];
  for (const { message } of task.warnings) lines.push(paint.yellow(neutralizeLine(`${task.name} warning: ${message}`)));
  if (event.status === 'failed' && event.problem?.cause !== undefined && verbose) {
    lines.push(neutralizeLine(`${task.name} cause: ${event.problem.cause}`));
  }
  return lines;
}

function endLine(task: TaskState, event: TaskFinished, paint: Paint): string {
  const { name, status, problem } = task;
  const color = isByChoice(task) ? paint.dim : paint.red;
  if (problem) return color(neutralizeLine(`${name} ${status}: ${problemText(problem)}`));
  const model = event.model_used === undefined ? '' : ` (${event.model_used})`;
  const cost = costText(task);
  return paint.green(neutralizeLine(`${name} ${status}${cost === '' ? '' : ` in ${cost}`}${model}`));
}

/** Most problems were told where they happened; what is left are those of tasks never sent, and the totals. */
function summaryLines(state: RunState, paint: Paint): string[] {
  const told = problemLines(state, isUnsent).map((line) => paint.red(line));
  // One task alone has said it all.
  const [only] = state.tasks.size === 1 ? state.tasks.values() : [];
  const totals = only?.completed_at !== undefined ? [] : [paint.bold(totalsText(state))];
  return [...told, ...totals];
}
