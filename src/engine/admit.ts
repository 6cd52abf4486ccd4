// In: a task all of whose needs have ended. Out: whether it may go on, or how it ends without having run. Pure.
import { ProblemError, toProblem, type Problem } from '../errors/problem.ts';
import { maxItems } from '../spec/workflow/check-frame.ts';
import { evaluate, isTruthy, type Expression, type Standing } from '../spec/expression/expression.ts';
import type { Outputs } from './outputs.ts';
import { conditionFalse, needsFailed } from './problems.ts';
import type { TaskNode } from './task-node.ts';
import type { TaskEnd } from './to-finished-event.ts';

/** Whether a task looks at how the tasks it needs ended, so that it must wait for all of them. */
export function looksAtStatus({ plan }: TaskNode): boolean {
  return (plan.spec.condition?.calls.length ?? 0) > 0;
}

/**
 * Whether dependents go on: it completed, or its condition did not hold, or its failure is allowed. A task that was
 * skipped because of a failure is part of that failure.
 */
export function isPassable({ plan, status, lastProblem }: TaskNode): boolean {
  if (status === 'completed' || status === 'reused') return true;
  if (status === 'skipped') return lastProblem?.code === 'condition-false';
  return status === 'failed' && plan.spec.continue_on_error === true;
}

/** Undefined when the task may run. */
export function admit(node: TaskNode, outputs: Outputs): TaskEnd | undefined {
  const { failedNeed } = node;
  const { condition } = node.plan.spec;
  if (failedNeed && !looksAtStatus(node)) return { status: 'skipped', problem: needsFailed(node, failedNeed) };
  if (!condition) return undefined;
  const held = orProblem(() => isTruthy(evaluate(condition, standingOf(condition, node, outputs))));
  if (held === true) return undefined;
  if (held !== false) return { status: 'failed', problem: held };
  const minds = condition.calls.some((name) => name === 'always' || name === 'failure');
  // A bare success() that is false says what would have happened without it.
  const problem = failedNeed && !minds ? needsFailed(node, failedNeed) : conditionFalse(condition.source);
  return { status: 'skipped', problem };
}

/** Under way when nothing new was to start any more: it failed by itself. Everything else was not started for that. */
export function afterHalt(node: TaskNode, problem: Problem): TaskEnd {
  const { attempts, lastProblem, lastPartial } = node;
  if (attempts > 0 && lastProblem) return { status: 'failed', problem: lastProblem, partial: lastPartial };
  return { status: 'skipped', problem };
}

/** The elements a `foreach` step is for, or why they cannot be told. */
export function elementsOf(node: TaskNode, outputs: Outputs): readonly unknown[] | Problem {
  const list = node.plan.spec.foreach?.in ?? [];
  if (!isExpression(list)) return list;
  return orProblem(() => {
    const value = evaluate(list, standingOf(list, node, outputs));
    if (!Array.isArray(value)) throw noList(list.source, value);
    if (value.length > maxItems) throw tooMany(list.source, value.length);
    return value as unknown[];
  });
}

function isExpression(list: readonly unknown[] | Expression): list is Expression {
  return !Array.isArray(list);
}

function standingOf({ steps }: Expression, node: TaskNode, outputs: Outputs): Standing {
  const named = node.needs.filter(({ name }) => steps.includes(name));
  const toStanding = ({ name, status }: TaskNode): Standing['steps'][string] => ({
    output: outputs.textOf(name),
    // A condition must not turn out otherwise because an answer was there already.
    status: status === 'reused' ? 'completed' : (status ?? 'pending'),
  });
  return {
    steps: Object.fromEntries(named.map((each) => [each.name, toStanding(each)])),
    needsFailed: node.failedNeed !== undefined,
  };
}

function orProblem<T>(work: () => T): T | Problem {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProblemError) return toProblem(error);
    throw error;
  }
}

function noList(source: string, value: unknown): ProblemError {
  const shown = JSON.stringify(value).slice(0, 80);
  const message = `foreach: '${source}' is no list, but ${shown}`;
  const hint = typeof value === 'string' ? 'write fromJSON(…) around the text of a JSON list' : undefined;
  return new ProblemError({ code: 'expression-failed', message, hint });
}

function tooMany(source: string, count: number): ProblemError {
  const message = `foreach: '${source}' has ${count} elements; at most ${maxItems} are allowed`;
  return new ProblemError({ code: 'expression-failed', message });
}
