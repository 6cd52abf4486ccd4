// In: a run that has ended. Out: what stays on the terminal of it.
import Table from 'cli-table3';
import type { RunState, TaskState } from '../events/run-state.ts';
import { fitText } from '../lib/fit-text.ts';
import { formatRate, formatSeconds } from '../lib/format-numbers.ts';
import { neutralizeLine } from '../lib/neutralize.ts';
import type { Paint } from './paint.ts';
import { choiceLines, problemLines, warningLines } from './problems.ts';
import { totalsText, withItems } from './words.ts';

export interface SummaryOptions {
  columns: number;
  unicode: boolean;
  verbose: boolean;
  paint: Paint;
}

/** More tasks than this and only those that failed get a row. */
const mostRows = 20;
const mostLines = 20;

/** A table of the tasks, then warnings and problems, then one line of totals; every line ends with a newline. */
export function formatSummary(state: RunState, options: SummaryOptions): string {
  const { paint } = options;
  const warnings = atMost(warningLines(state), options).map((line) => paint.yellow(`warning: ${line}`));
  const problems = problemLines(state).map((line) => paint.red(line));
  const choices = choiceLines(state).map((line) => paint.dim(line));
  const lists = [atMost(choices, options), warnings, atMost(problems, options)];
  const parts = [table(state, options), ...lists.map((lines) => lines.join('\n'))];
  const totals = (state.status === 'completed' ? paint.green : paint.bold)(totalsText(state));
  return [...parts.filter((part) => part !== ''), totals].map((part) => `${part}\n`).join('');
}

interface Column {
  title: string;
  /** Narrower terminals leave the column out. */
  minColumns: number;
  right?: true;
  cell: (task: TaskState) => string;
}

const columns: readonly Column[] = [
  { title: 'TASK', minColumns: 0, cell: ({ name }) => name },
  { title: 'STATUS', minColumns: 0, cell: ({ status }) => status },
  { title: 'MODEL', minColumns: 60, cell: ({ model = '' }) => model },
  {
    title: 'TIME',
    minColumns: 0,
    right: true,
    cell: ({ metrics }) => (metrics ? formatSeconds(metrics.total_ns) : ''),
  },
  {
    title: 'LOAD',
    minColumns: 80,
    right: true,
    cell: ({ metrics }) => (metrics?.load_ns ? formatSeconds(metrics.load_ns) : ''),
  },
  { title: 'IN', minColumns: 70, right: true, cell: ({ metrics }) => numberText(metrics?.prompt_tokens) },
  { title: 'OUT', minColumns: 50, right: true, cell: ({ metrics }) => numberText(metrics?.output_tokens) },
  {
    title: 'TOK/S',
    minColumns: 50,
    right: true,
    cell: ({ metrics }) => (metrics?.tokens_per_second === undefined ? '' : formatRate(metrics.tokens_per_second)),
  },
];

function table(state: RunState, options: SummaryOptions): string {
  const all = withItems(state);
  // Items that went well are counted by their step.
  const tasks = all.length <= mostRows ? all : all.filter(({ parent, status }) => !parent || status === 'failed');
  const rows = tasks.length <= mostRows ? tasks : tasks.filter(({ status }) => status === 'failed').slice(0, mostRows);
  if (rows.length === 0) return '';
  const shown = columns.filter(({ minColumns }) => options.columns >= minColumns);
  const drawn = new Table({
    head: shown.map(({ title }) => title),
    colAligns: shown.map(({ right }) => (right ? 'right' : 'left')),
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  const widest = Math.floor(options.columns / 4);
  for (const task of rows) {
    drawn.push(shown.map(({ cell }) => fitText(neutralizeLine(cell(task)), widest, { ...options, keep: 'start' })));
  }
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const noBorders = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right'].flatMap((side) => [
    [side, ''],
    [`${side}-mid`, ''],
    [`${side}-left`, ''],
    [`${side}-right`, ''],
  ]),
);
noBorders['middle'] = '   ';

function numberText(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

function atMost(lines: string[], { verbose }: SummaryOptions): string[] {
  if (verbose || lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), `… and ${lines.length - mostLines + 1} more lines (--verbose shows them)`];
}
