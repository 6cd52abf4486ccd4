// In: the names of the tasks of a run, and how they ended. Out: which are one task done with each model. Pure.
import type { TaskFinished } from '../events/event.ts';
import { isSuccess } from '../events/to-run-document.ts';

/** A task, and what it became: itself, or one task per model. */
export interface Compared {
  task: string;
  /** The names of what it became, in the order of the models. */
  names: readonly string[];
}

/** The tasks as they were asked for. Nobody else may use brackets in the name of a task: items of a list are not among these. */
export function toCompared(names: readonly string[]): Compared[] {
  const byTask = new Map<string, string[]>();
  for (const name of names) {
    const task = name.replace(/\[.*\]$/, '');
    const known = byTask.get(task);
    if (known) known.push(name);
    else byTask.set(task, [name]);
  }
  return [...byTask].map(([task, members]) => ({ task, names: members }));
}

/** Whether these are the tasks of a run with each model, and there is something to compare. */
export function isComparison(names: readonly string[]): boolean {
  return names.length > 1 && names.some((name) => name.endsWith(']'));
}

/** The answer of one model, or that there is none. */
export interface ComparedAnswer {
  model: string;
  event: TaskFinished;
  isSuccess: boolean;
}

/** Nothing where no model had an answer: what went wrong is told elsewhere. */
export function answersOf(ends: readonly TaskFinished[]): ComparedAnswer[] {
  if (!ends.some(isSuccess)) return [];
  return ends.map((event) => ({ event, model: modelOf(event), isSuccess: isSuccess(event) }));
}

/** The answer, where it fits into a line of a table. */
export function oneLine({ embedding, output = '' }: TaskFinished): string | undefined {
  const text = output.trim();
  return embedding || text === '' || /[\n\r\t]/.test(text) ? undefined : text;
}

function modelOf({ task, model_used, model_name }: TaskFinished): string {
  return model_used ?? model_name ?? task;
}
