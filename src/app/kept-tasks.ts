// In: the tasks of a run and how they ended. Out: those that stay as they are when the run goes on. Pure.
import type { TaskFinished } from '../events/event.ts';
import type { TaskStatus } from '../events/run-document.ts';
import type { GraphNode } from '../lib/order-by-needs.ts';

/**
 * Which tasks are done again besides those that have not ended, those that were cancelled, and what follows from all of
 * them: none, those that did not succeed, or a step.
 */
export type DoAgain = 'unfinished' | 'unsuccessful' | { from: string };

/** The ends that still hold, by name; items of a `foreach` step as `name[0]`. */
export function keptTasks(
  tasks: readonly GraphNode[],
  ended: ReadonlyMap<string, TaskFinished>,
  doAgain: DoAgain,
): Map<string, TaskFinished> {
  const isDone = (name: string): boolean => isKeptAlone(ended.get(name), doAgain);
  const first = tasks.map(({ name }) => name).filter((name) => !isDone(name) || isFrom(name, doAgain));
  const follows = dependentsOf(first, tasks);
  const isAgain = new Set([...first, ...follows]);
  const holds = (name: string): boolean => {
    const step = stepOf(name);
    if (step === undefined) return !isAgain.has(name);
    // The items of a step that is done again for their sake only: those that are done stay.
    return !isAgain.has(step) || (!follows.has(step) && !isFrom(step, doAgain) && isDone(name));
  };
  return new Map([...ended].filter(([name]) => holds(name)));
}

/** What holds of a task when nothing that it needs is done again. */
function isKeptAlone(end: TaskFinished | undefined, doAgain: DoAgain): boolean {
  if (!end || end.status === 'cancelled') return false;
  return doAgain !== 'unsuccessful' || succeeded.has(end.status) || end.problem?.code === 'condition-false';
}

const succeeded: ReadonlySet<TaskStatus> = new Set<TaskStatus>(['completed', 'reused']);

function isFrom(name: string, doAgain: DoAgain): boolean {
  return typeof doAgain === 'object' && doAgain.from === name;
}

/** All tasks that need one of these, or one that does. */
function dependentsOf(names: readonly string[], tasks: readonly GraphNode[]): Set<string> {
  const byNeed = new Map<string, string[]>();
  for (const { name, needs } of tasks) {
    for (const need of needs) {
      const dependents = byNeed.get(need);
      if (dependents) dependents.push(name);
      else byNeed.set(need, [name]);
    }
  }
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const dependent of byNeed.get(name) ?? []) {
      if (found.has(dependent)) continue;
      found.add(dependent);
      open.push(dependent);
    }
  }
  return found;
}

/** The step of an item's name; no other name ends like this. */
function stepOf(name: string): string | undefined {
  return /^(.+)\[\d+\]$/.exec(name)?.[1];
}
