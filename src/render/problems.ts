import type { Problem } from '../errors/problem.ts';
import type { RunState, TaskState } from '../events/reduce.ts';
import { neutralizeLine } from '../lib/neutralize.ts';

/** A problem as people are told it: what happened to whom, and what to type. */
export interface ProblemLine {
  text: string;
  hint?: string | undefined;
}

/** The problems of a run, each told once however many tasks it hit, those of failed tasks first. */
export function problemLines(state: RunState): ProblemLine[] {
  const tasks = [...state.tasks.values()].filter(({ problem }) => problem !== undefined);
  const lines = [...groups(tasks, 'failed'), ...groups(tasks, 'skipped'), ...groups(tasks, 'cancelled')].map((group) =>
    toLine(group, state),
  );
  return state.problem ? [toRunLine(state.problem), ...lines] : lines;
}

/** The warnings of a run, in task order: `task1: the answer was cut at its limit of 20 tokens`. */
export function warningLines(state: RunState): string[] {
  return [...state.tasks.values()].flatMap(({ name, warnings }) =>
    warnings.map(({ message }) => neutralizeLine(`${name}: ${message}`)),
  );
}

interface Group {
  status: 'failed' | 'skipped' | 'cancelled';
  problem: Problem;
  names: string[];
}

function groups(tasks: readonly TaskState[], status: Group['status']): Group[] {
  const bySentence = new Map<string, Group>();
  for (const { name, problem, status: own } of tasks) {
    if (own !== status || !problem) continue;
    const key = `${problem.code} ${problem.message}`;
    const group = bySentence.get(key);
    if (group) group.names.push(name);
    else bySentence.set(key, { status, problem, names: [name] });
  }
  return [...bySentence.values()];
}

const namesShown = 3;

function toLine({ status, problem, names }: Group, state: RunState): ProblemLine {
  const all = names.length === state.counts[status] && names.length === state.totals.tasks && names.length > 1;
  const rest = names.length - namesShown;
  const named = rest > 1 ? [...names.slice(0, namesShown), `${rest} more`] : names;
  const who = all ? `all ${names.length} tasks` : named.join(', ');
  return { text: neutralizeLine(`${who} ${status}: ${problem.message}`), hint: hintOf(problem) };
}

function toRunLine(problem: Problem): ProblemLine {
  return { text: neutralizeLine(problem.message), hint: hintOf(problem) };
}

function hintOf({ hint }: Problem): string | undefined {
  return hint === undefined ? undefined : neutralizeLine(hint);
}
