// In: where a run stands. Out: the rows of the live view, each cut to the terminal.
import type { RunState, TaskState } from '../events/run-state.ts';
import type { TaskStatus } from '../events/run-document.ts';
import { fitText, padText, textWidth } from '../lib/fit-text.ts';
import { countOf, formatRate, formatSeconds } from '../lib/format-numbers.ts';
import { neutralizeLine } from '../lib/neutralize.ts';
import type { Paint } from './paint.ts';
import { costText, fallbackText, hostText, waitingText } from './words.ts';

export interface BlockOptions {
  /** Cells of the terminal. */
  columns: number;
  /** Most rows to return. */
  rows: number;
  /** Milliseconds since the epoch. */
  now: number;
  unicode: boolean;
  paint: Paint;
  /** What a task has written last, by its name. */
  tails: ReadonlyMap<string, string>;
}

/** The rows to draw now: running tasks, then waiting ones, then the others if there is room, and a bar. */
export function formatBlock(state: RunState, options: BlockOptions): string[] {
  const hosts = hostRows(state, options);
  const bar = state.tasks.size > 1 ? [barRow(state, options)] : [];
  const room = Math.max(0, options.rows - bar.length - hosts.length);
  const tasks = choose(state, room);
  const widths = columnWidths(tasks, options);
  const rows = tasks.map((task) => taskRow(task, state, widths, options));
  return [...rows, ...hosts, ...bar].slice(-Math.max(1, options.rows)).map((row) => finish(row, options));
}

/** Rows of retrying and of waiting tasks when not every task has a row. */
const sample = 3;

/** Costs as much as there are rows, however many tasks there are; only items that wait are passed over one by one. */
function choose(state: RunState, room: number): TaskState[] {
  const isAll = state.tasks.size <= room;
  const limit = isAll ? room : sample;
  const ended = isAll ? [...state.tasks.values()].filter(hasEnded) : [];
  const open = [
    ...firstOf(state.running, room),
    ...firstOf(state.retrying, limit),
    ...firstOf(state.pending, limit, isWorthARow),
  ];
  return [...open, ...ended].slice(0, room);
}

/** The row of the step counts its items, and those under way have rows of their own. */
function isWorthARow({ parent }: TaskState): boolean {
  return parent === undefined;
}

function hasEnded({ status }: TaskState): boolean {
  return status !== 'running' && status !== 'pending';
}

function firstOf(
  tasks: ReadonlySet<TaskState>,
  limit: number,
  isWanted: (task: TaskState) => boolean = () => true,
): TaskState[] {
  const first: TaskState[] = [];
  for (const task of tasks) {
    if (first.length >= limit) break;
    if (isWanted(task)) first.push(task);
  }
  return first;
}

const symbols: Record<'unicode' | 'ascii', Record<TaskStatus | 'retrying', string>> = {
  unicode: {
    pending: '◌',
    running: '',
    completed: '✔',
    reused: '✔',
    failed: '✖',
    skipped: '↓',
    cancelled: '■',
    retrying: '↻',
  },
  ascii: {
    pending: '.',
    running: '',
    completed: '+',
    reused: '+',
    failed: 'x',
    skipped: '-',
    cancelled: '-',
    retrying: '@',
  },
};
const spinners = { unicode: '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏', ascii: '|/-\\' };
const spinMs = 200;

function symbolOf(task: TaskState, { now, unicode, paint }: BlockOptions): string {
  const set = unicode ? 'unicode' : 'ascii';
  if (task.status === 'running') {
    const frames = spinners[set];
    return paint.cyan(frames.charAt(Math.floor(now / spinMs) % frames.length));
  }
  if (task.status === 'pending' && task.retry) return paint.yellow(symbols[set].retrying);
  const symbol = symbols[set][task.status];
  if (task.status === 'failed') return paint.red(symbol);
  return task.status === 'completed' || task.status === 'reused' ? paint.green(symbol) : paint.dim(symbol);
}

interface Widths {
  name: number;
  /** 0: no such column. */
  model: number;
  /** Whether there is room for the speed. */
  rate: boolean;
}

function columnWidths(tasks: readonly TaskState[], { columns }: BlockOptions): Widths {
  const widest = (texts: readonly string[], most: number) =>
    Math.min(most, Math.max(0, ...texts.map((text) => textWidth(neutralizeLine(text)))));
  return {
    name: widest(
      tasks.map(({ name }) => name),
      Math.max(6, Math.floor(columns / 4)),
    ),
    model:
      columns < 60
        ? 0
        : widest(
            tasks.map(({ model = '' }) => model),
            Math.floor(columns / 5),
          ),
    rate: columns >= 56,
  };
}

function taskRow(task: TaskState, state: RunState, widths: Widths, options: BlockOptions): string {
  const { paint } = options;
  const cell = (text: string, cells: number) => {
    const shown = fitText(toShown(text, options), cells, { ...options, keep: 'start' });
    return padText(shown, cells);
  };
  const head = `${symbolOf(task, options)} ${cell(task.name, widths.name)}`;
  if (task.status === 'pending')
    return `${head}  ${paint.dim(toShown(pendingText(task, state, options.now), options))}`;
  const model = widths.model > 0 ? `  ${paint.cyan(cell(task.model ?? '', widths.model))}` : '';
  if (task.status !== 'running') return `${head}${model}  ${toShown(endText(task), options)}`;
  const time = elapsedText(nsSince(task.started_at ?? state.part_started_at, options.now)).padStart(6);
  const rate = widths.rate ? `  ${speedText(task, options.now).padEnd(10)}` : '';
  const used = 2 + widths.name + (widths.model > 0 ? widths.model + 2 : 0) + 2 + time.length + rate.length + 2;
  const tail = tailText(task, options, options.columns - 1 - used);
  return `${head}${model}  ${time}${rate}  ${paint.dim(tail)}`;
}

function pendingText(task: TaskState, state: RunState, now: number): string {
  if (!task.retry) return waitingText(task, state);
  const { problem, at, delay_ns } = task.retry;
  const leftNs = Math.max(0, (Date.parse(at) - now) * 1e6 + delay_ns);
  const when = leftNs > 0 ? `retrying in ${formatSeconds(leftNs)}` : `retrying, ${waitingText(task, state)}`;
  return `${when} (attempt ${task.attempts}: ${problem.message})`;
}

function endText(task: TaskState): string {
  return task.problem
    ? `${task.status}: ${task.problem.message}`
    : [task.status, costText(task)].filter(Boolean).join(' in ');
}

/** An estimate, hence the `~`: deltas since the first one of this attempt, taken as one token each. */
function speedText({ pieces, first_piece_at }: TaskState, now: number): string {
  if (first_piece_at === undefined) return '';
  const seconds = (now - Date.parse(first_piece_at)) / 1e3;
  return seconds < 0.5 || pieces < 2 ? '' : `~${formatRate((pieces - 1) / seconds).replace(/\.\d$/, '')} tok/s`;
}

function tailText(task: TaskState, options: BlockOptions, cells: number): string {
  if (task.items !== undefined) return `${task.items_ended ?? 0}/${countOf(task.items, 'item')}`;
  const notes = [task.attempts > 1 ? `attempt ${task.attempts}` : undefined, fallbackText(task)].filter(
    (note) => note !== undefined,
  );
  const note = notes.map((text) => `[${text}] `).join('');
  const tail = options.tails.get(task.name);
  if (tail === undefined) return `${note}no answer yet`;
  const lastLine = tail.trimEnd().split('\n').at(-1) ?? '';
  return note + fitText(toShown(lastLine, options), cells - note.length, { ...options, keep: 'end' });
}

function hostRows(state: RunState, options: BlockOptions): string[] {
  return [...state.hosts]
    .filter(([, { state: now }]) => now !== 'up')
    .slice(0, 2)
    .map(([host, { state: now, problem }]) =>
      options.paint.yellow(toShown(`${options.unicode ? '⚠' : '!'} ${hostText(host, now, problem)}`, options)),
    );
}

function barRow(state: RunState, { columns, now, unicode, paint }: BlockOptions): string {
  const { completed, reused, failed, skipped, cancelled, running } = state.counts;
  const { tasks } = state.totals;
  const done = completed + reused + failed + skipped + cancelled;
  const parts = [
    `${done}/${tasks} done`,
    `${running} running`,
    ...(failed > 0 ? [paint.red(`${failed} failed`)] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    elapsedText(state.earlier_ns + nsSince(state.part_started_at, now)),
  ];
  const text = parts.join(unicode ? ' · ' : ', ');
  const width = Math.min(20, columns - 4 - textWidth(text));
  if (width < 4) return text;
  const full = Math.floor((done / tasks) * width);
  const blanks = ' '.repeat(width - full);
  return `${unicode ? `▕${'█'.repeat(full)}${blanks}▏` : `[${'#'.repeat(full)}${blanks}]`} ${text}`;
}

function nsSince(at: string, now: number): number {
  return (now - Date.parse(at)) * 1e6;
}

/** A time that counts up: it does not begin in another unit. */
function elapsedText(ns: number): string {
  return ns < 1e8 ? '0.0s' : formatSeconds(ns);
}

function toShown(text: string, { unicode }: BlockOptions): string {
  const line = neutralizeLine(text);
  return unicode ? line : line.replace(/[^ -~]/gu, '?');
}

/** One cell stays free: terminals differ in what they do after the last one. */
function finish(row: string, options: BlockOptions): string {
  return fitText(row, options.columns - 1, { ...options, keep: 'start' });
}
