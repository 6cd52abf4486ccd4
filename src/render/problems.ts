import type { Problem } from '../errors/problem.ts';
import type { RunState, TaskState } from '../events/run-state.ts';
import { neutralizeLine } from '../lib/neutralize.ts';
import { fallbackText } from './words.ts';

/** A problem as people are told it, on one line: what happened, and what to type. */
export function problemText({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}

/**
 * The problems of a run, each told once however many tasks it hit, those of failed tasks first.
 * @param isTold says which tasks it is about; absent: all
 */
export function problemLines(state: RunState, isTold: (task: TaskState) => boolean = () => true): string[] {
  const tasks = [...state.tasks.values()].filter((task) => task.problem && !isByChoice(task) && isTold(task));
  const lines = (['failed', 'skipped', 'cancelled'] as const)
    .flatMap((status) => groups(tasks, status))
    .filter(({ problem }) => problem.message !== state.problem?.message)
    .map((group) => toLine(group, state));
  return state.problem ? [neutralizeLine(problemText(state.problem)), ...lines] : lines;
}

/** Whether a step was left out because its condition does not hold, which is as it was wanted. */
export function isByChoice({ status, problem }: Pick<TaskState, 'status' | 'problem'>): boolean {
  return status === 'skipped' && problem?.code === 'condition-false';
}

/** The steps that were left out by choice: `deploy skipped: not run, because 'vars.live' does not hold`. */
export function choiceLines(state: RunState): string[] {
  const tasks = [...state.tasks.values()].filter(isByChoice);
  return groups(tasks, 'skipped').map((group) => toLine(group, state));
}

/** The warnings of a run, each told once, in task order: `task1: the answer was cut at its limit of 20 tokens`. */
export function warningLines(state: RunState): string[] {
  const namesByMessage = new Map<string, string[]>();
  for (const task of state.tasks.values()) {
    for (const message of warningsOf(task))
      namesByMessage.set(message, [...(namesByMessage.get(message) ?? []), task.name]);
  }
  return [...namesByMessage].map(([message, names]) => neutralizeLine(`${nameAll(names, state)}: ${message}`));
}

/** What to know about a task that did complete; another model than the plan's first is always said aloud. */
function warningsOf(task: TaskState): string[] {
  const messages = task.warnings.map(({ message }) => message);
  const fallback = fallbackText(task);
  const isSaid = fallback === undefined || task.warnings.some(({ code }) => code === 'model-fallback');
  return isSaid ? messages : [`ran on ${task.model ?? ''} ${fallback}`, ...messages];
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

function toLine({ status, problem, names }: Group, state: RunState): string {
  return neutralizeLine(`${nameAll(names, state)} ${status}: ${problemText(problem)}`);
}

function nameAll(names: readonly string[], state: RunState): string {
  if (names.length > 1 && names.length === state.totals.tasks) return `all ${names.length} tasks`;
  const rest = names.length - namesShown;
  return (rest > 1 ? [...names.slice(0, namesShown), `${rest} more`] : names).join(', ');
}
