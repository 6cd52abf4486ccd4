// In: a GitHub Actions expression and what has become of the steps it names. Out: its value. Pure.
import { data, Evaluator, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { ProblemError } from '../../errors/problem.ts';
import type { TaskStatus } from '../../events/run-document.ts';
import { toTokens } from './expression-tokens.ts';

/** A checked expression. All it takes from outside the run is in it. */
export interface Expression {
  /** Without the `${{ }}` around it. */
  source: string;
  /** The status functions it calls. */
  calls: readonly StatusFunction[];
  /** Names of the steps it reads: it needs them. */
  steps: readonly string[];
  /** Values of the variables it reads. */
  vars: Readonly<Record<string, string>>;
  /** Values of the environment variables it reads. */
  env: Readonly<Record<string, string>>;
  /** What was piped in, where it reads that. */
  stdin?: string | undefined;
}

/** Functions that look at how the steps ended that a step needs. */
export const statusFunctions = ['success', 'failure', 'always'] as const;

export type StatusFunction = (typeof statusFunctions)[number];

/** The names an expression may begin with. */
export const expressionContexts: string[] = ['vars', 'env', 'steps', 'stdin'];

/** Where the run stands for one step. */
export interface Standing {
  /** What has become of the steps the expression reads. */
  steps: Readonly<Record<string, { output: string; status: TaskStatus }>>;
  /** Whether a step it needs failed, or was skipped for that. */
  needsFailed: boolean;
}

/**
 * The value of an expression, as JSON would have it.
 * @throws ProblemError `expression-failed`, e.g. for `fromJSON` of what is no JSON
 */
export function evaluate({ source, vars, env, stdin }: Expression, { steps, needsFailed }: Standing): unknown {
  const functions = new Map(
    statusFunctions.map((name) => [
      name,
      statusFunction(name, name === 'always' || needsFailed === (name === 'failure')),
    ]),
  );
  try {
    const tree = new Parser(toTokens(source), expressionContexts, [...functions.values()]).parse();
    const context = JSON.parse(JSON.stringify({ vars, env, steps, stdin }), data.reviver) as data.Dictionary;
    const value: unknown = new Evaluator(tree, context, functions).evaluate();
    return JSON.parse(JSON.stringify(value, data.replacer)) as unknown;
  } catch (error) {
    const reasons = [error, error instanceof Error ? error.cause : undefined].filter((each) => each instanceof Error);
    const reason = reasons.map(({ message }) => message).join(': ');
    throw new ProblemError({ code: 'expression-failed', message: `'${source}' has no value: ${reason}` });
  }
}

/** Whether a value counts as true, as GitHub sees it. */
export function isTruthy(value: unknown): boolean {
  return (
    value !== null && value !== undefined && value !== false && value !== 0 && value !== '' && !Number.isNaN(value)
  );
}

function statusFunction(name: StatusFunction, value: boolean): FunctionDefinition {
  return { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) };
}
