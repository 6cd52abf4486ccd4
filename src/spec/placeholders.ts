import type { Problem } from '../errors/problem.ts';
import { suggest } from '../errors/suggest.ts';
import type { Warning } from '../events/run-document.ts';
import type { Resolution } from './template.ts';

/** Values a placeholder may take that are known before the run. */
export interface PlaceholderValues {
  vars: Readonly<Record<string, string>>;
  /** What was piped in; undefined when nothing was. */
  stdin?: string | undefined;
  /** Value of an environment variable; undefined when it is not set. */
  env: (name: string) => string | undefined;
  /** All that a workflow file lets its placeholders take; absent where nothing has to be declared. */
  declared?: { vars: readonly string[]; env: readonly string[] } | undefined;
}

export interface PlaceholderScope extends PlaceholderValues {
  /** Names of all tasks, in order. */
  names: readonly string[];
  /** Position of each name. */
  positions: ReadonlyMap<string, number>;
  /** Position of the task that holds the placeholder. */
  index: number;
}

export type Resolve = (expression: string, scope: PlaceholderScope) => Resolution<Problem>;

/** In a workflow: `{{name}} {{step1}} {{steps.name.output}} {{vars.x}} {{env.X}} {{stdin}}`; anything else is a problem. */
export const resolveInWorkflow: Resolve = (expression, scope) => {
  const value = resolveValue(expression, scope) ?? resolveEnv(expression, scope);
  if (value) return value;
  const step = stepNamed(expression, scope);
  if (step === undefined) {
    const message = `unknown placeholder {{${expression}}}`;
    return problem('placeholder-unknown', scope, message, unknownHint(expression, scope));
  }
  if (step !== scope.names[scope.index]) return { output: step };
  return problem('cycle', scope, `{{${expression}}} refers to the step itself`);
};

/** In a list of tasks that run one after another: also `{{taskN}}` and `{{previous}}`. */
export const resolveInSequence: Resolve = (expression, scope) => {
  const value = resolveValue(expression, scope);
  if (value) return value;
  const numbered = /^task(\d+)$/.exec(expression);
  if (!numbered && expression !== 'previous') return { verbatim: true };
  const position = numbered ? Number(numbered[1]) - 1 : scope.index - 1;
  const earlier = scope.names[position];
  if (earlier !== undefined && position < scope.index) return { output: earlier };
  return problem('placeholder-unknown', scope, `{{${expression}}} refers to no earlier task`, earlierHint(scope.index));
};

/** In a list of tasks that run side by side: `{{stdin}}` and `{{vars.x}}`; other braces stay as typed. */
export const resolveInTasks: Resolve = (expression, scope) => resolveValue(expression, scope) ?? { verbatim: true };

/** Says which braces of a task are sent as typed. */
export function verbatimWarning(expressions: readonly string[], isSequential: boolean): Warning {
  const all = [...new Set(expressions)];
  const shown = all.slice(0, 3).map((expression) => `{{${expression}}}`);
  const rest = all.length > shown.length ? ` and ${all.length - shown.length} more` : '';
  const meant = !isSequential && all.some((expression) => /^(task\d+|previous)$/.test(expression));
  const hint = meant ? '; outputs of other tasks need --sequential' : '';
  const verb = all.length > 1 ? 'are' : 'is';
  return { code: 'braces-as-typed', message: `${shown.join(', ')}${rest} ${verb} sent as typed${hint}` };
}

function resolveValue(expression: string, scope: PlaceholderScope): Resolution<Problem> | undefined {
  if (expression === 'stdin') {
    if (scope.stdin !== undefined) return { text: scope.stdin };
    return problem('placeholder-unset', scope, '{{stdin}} is used, but nothing is piped in', 'pipe text in: … < file');
  }
  const name = /^vars\.(.+)$/.exec(expression)?.[1];
  if (name === undefined) return undefined;
  if (scope.declared && !scope.declared.vars.includes(name)) return undeclared(expression, name, 'vars', scope);
  if (Object.hasOwn(scope.vars, name)) return { text: scope.vars[name] ?? '' };
  const known = Object.keys(scope.vars);
  const hint = `${known.length > 0 ? `${suggest(name, known)}; else ` : ''}add --var ${name}=…`;
  return problem('placeholder-unset', scope, `{{${expression}}} has no value`, hint);
}

function resolveEnv(expression: string, scope: PlaceholderScope): Resolution<Problem> | undefined {
  const name = /^env\.(.+)$/.exec(expression)?.[1];
  if (name === undefined) return undefined;
  if (scope.declared && !scope.declared.env.includes(name)) return undeclared(expression, name, 'env', scope);
  const text = scope.env(name);
  if (text !== undefined) return { text };
  const message = `{{${expression}}}: the environment variable ${name} is not set`;
  return problem('placeholder-unset', scope, message, `export ${name}=…`);
}

function undeclared(
  expression: string,
  name: string,
  key: 'vars' | 'env',
  scope: PlaceholderScope,
): { problem: Problem } {
  const known = scope.declared?.[key] ?? [];
  const hint = `${known.length > 0 ? `${suggest(name, known)}; else ` : ''}add ${name} to '${key}' of the file`;
  return problem('placeholder-unknown', scope, `{{${expression}}} is not declared in '${key}'`, hint);
}

function stepNamed(expression: string, { names, positions }: PlaceholderScope): string | undefined {
  const qualified = /^steps\.(.+)\.output$/.exec(expression)?.[1];
  const name = qualified ?? expression;
  if (positions.has(name)) return name;
  const numbered = qualified === undefined ? /^step(\d+)$/.exec(expression) : null;
  return numbered ? names[Number(numbered[1]) - 1] : undefined;
}

function unknownHint(expression: string, scope: PlaceholderScope): string {
  const others = scope.names.filter((_, index) => index !== scope.index);
  const known = [...others, 'stdin', ...Object.keys(scope.vars).map((name) => `vars.${name}`)];
  const qualified = /^steps\.(.+)\.output$/.exec(expression)?.[1];
  const name = qualified ?? /^(?:steps\.)?(.+?)(?:\.output)?$/.exec(expression)?.[1] ?? expression;
  return `${suggest(name, qualified === undefined ? known : others)}; for literal braces write \\{{`;
}

function earlierHint(index: number): string {
  if (index === 0) return 'the first task has none before it';
  return `known: ${index === 1 ? 'task1' : `task1 … task${index}`}, previous`;
}

/** The part of a placeholder that a suggestion replaces: the name, where the words around it are right. */
export function wordOf(expression: string): string {
  const [, step, value] = /^(?:steps\.(.+)\.output|(?:vars|env)\.(.+))$/.exec(expression) ?? [];
  return step ?? value ?? expression;
}

function problem(
  code: 'cycle' | 'placeholder-unknown' | 'placeholder-unset',
  scope: PlaceholderScope,
  message: string,
  hint?: string,
): { problem: Problem } {
  const task = scope.names[scope.index] ?? '';
  return { problem: { code, message: `${task}: ${message}`, hint, task } };
}
