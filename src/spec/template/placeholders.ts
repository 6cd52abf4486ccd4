import type { Problem } from '../../errors/problem.ts';
import { suggest } from '../../errors/suggest.ts';
import type { Warning } from '../../events/run-document.ts';
import { parseReference } from './reference.ts';
import type { ItemSegment, OutputSegment, Resolution } from './template.ts';
import { lookUp, showPath } from './value-path.ts';

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
  /** The elements of each step with `foreach`; undefined where only the run brings them. */
  lists?: Lists | undefined;
}

export type Lists = ReadonlyMap<string, readonly unknown[] | undefined>;

/** What is wrong with a placeholder, and the part of it that a suggestion replaces; absent: {@link wordOf} it. */
export type PlaceholderProblem = Problem & { word?: string | undefined };

export type Resolve = (expression: string, scope: PlaceholderScope) => Resolution<PlaceholderProblem>;

/**
 * In a workflow: `{{name}} {{step1}} {{steps.name.output}} {{vars.x}} {{env.X}} {{stdin}}`, in a step with `foreach` also
 * `{{item}}`, and values inside these; anything else is a problem.
 */
export const resolveInWorkflow: Resolve = (expression, scope) => {
  const value = resolveValue(expression, scope) ?? resolveEnv(expression, scope);
  if (value) return value;
  const reference = parseReference(expression, (word, isQualified) => stepNamed(word, isQualified, scope));
  if (!reference) return unknownPlaceholder(expression, scope);
  return 'item' in reference ? checkItem(expression, reference, scope) : checkOutput(expression, reference, scope);
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

function resolveValue(expression: string, scope: PlaceholderScope): Resolution<PlaceholderProblem> | undefined {
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

function resolveEnv(expression: string, scope: PlaceholderScope): Resolution<PlaceholderProblem> | undefined {
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
): { problem: PlaceholderProblem } {
  const known = scope.declared?.[key] ?? [];
  const hint = `${known.length > 0 ? `${suggest(name, known)}; else ` : ''}add ${name} to '${key}' of the file`;
  return problem('placeholder-unknown', scope, `{{${expression}}} is not declared in '${key}'`, hint);
}

function stepNamed(word: string, isQualified: boolean, { names, positions }: PlaceholderScope): string | undefined {
  if (positions.has(word)) return word;
  const numbered = isQualified ? null : /^step(\d+)$/.exec(word);
  return numbered ? names[Number(numbered[1]) - 1] : undefined;
}

function unknownPlaceholder(expression: string, scope: PlaceholderScope): { problem: PlaceholderProblem } {
  const message = `unknown placeholder {{${expression}}}`;
  const literal = 'for literal braces write \\{{';
  if (/^item[.[]/.test(expression)) {
    return problem('placeholder-unknown', scope, message, `write item.key, item[0] or item['any key']; ${literal}`);
  }
  const others = scope.names.filter((_, index) => index !== scope.index);
  const isQualified = /^steps\..+\.output/.test(expression);
  const item = scope.lists?.has(scope.names[scope.index] ?? '') ? ['item'] : [];
  const known = isQualified
    ? others
    : [...others, ...item, 'stdin', ...Object.keys(scope.vars).map((name) => `vars.${name}`)];
  const inner = /^(?:steps\.)?([^.[]+)\.(?!output$)(.+)$/.exec(expression);
  const [, step = '', rest = ''] = inner ?? [];
  if (!isQualified && others.includes(step)) {
    const hint = `did you mean '${step}.output.${rest}'?; ${literal}`;
    return problem('placeholder-unknown', scope, message, hint, expression);
  }
  const name = /^(?:steps\.)?(.+?)(?:\[\d+\])?(?:\.output.*)?$/.exec(expression)?.[1] ?? expression;
  return problem('placeholder-unknown', scope, message, `${suggest(name, known)}; ${literal}`);
}

function checkItem(expression: string, segment: ItemSegment, scope: PlaceholderScope): Resolution<PlaceholderProblem> {
  const name = scope.names[scope.index] ?? '';
  if (!scope.lists?.has(name)) {
    const message = `{{${expression}}} has a meaning only in a step with 'foreach'`;
    const hint = "add 'foreach' to the step; for literal braces write \\{{";
    return problem('placeholder-unknown', scope, message, hint, expression);
  }
  const found = scope.lists.get(name)?.map((element) => lookUp(element, segment.item)) ?? [];
  const absent = found.flatMap((each) => ('missing' in each ? [each] : []));
  if (found.length === 0 || absent.length < found.length) return segment;
  const depth = absent.reduce((most, each) => Math.max(most, each.depth), 0);
  const known = [...new Set(absent.flatMap((each) => (each.depth === depth ? each.known : [])))];
  const key = String(segment.item[depth]);
  const message = `{{${expression}}}: no element of the list has this`;
  return problem('placeholder-unknown', scope, message, suggest(key, known), key);
}

/** Whether an output may hold what a placeholder takes from it. */
function checkOutput(
  expression: string,
  segment: OutputSegment,
  scope: PlaceholderScope,
): Resolution<PlaceholderProblem> {
  const { output, index, path } = segment;
  if (output === scope.names[scope.index])
    return problem('cycle', scope, `{{${expression}}} refers to the step itself`);
  const isList = scope.lists?.has(output) ?? false;
  const tell = (message: string, hint: string): { problem: PlaceholderProblem } =>
    problem('placeholder-unknown', scope, `{{${expression}}}: ${message}`, hint, expression);
  if (!isList && index !== undefined) {
    const meant = `${output}.output[${index}]${showPath(path ?? [])}`;
    return tell(`'${output}' has no 'foreach', and thus no items`, `did you mean '${meant}'?`);
  }
  if (isList && index === undefined && path) {
    const [first] = path;
    const meant = typeof first === 'number' ? `${output}[${first}].output${showPath(path.slice(1))}` : undefined;
    const hint =
      meant === undefined ? `one item is {{${output}[0].output${showPath(path)}}}` : `did you mean '${meant}'?`;
    return tell(`the output of a step with 'foreach' is the text of all its items`, hint);
  }
  const count = scope.lists?.get(output)?.length;
  if (index === undefined || count === undefined || index < count) return segment;
  return tell(
    `'${output}' has ${count} items`,
    count === 0 ? 'its list is empty' : `the last one is {{${output}[${count - 1}]}}`,
  );
}

function earlierHint(index: number): string {
  if (index === 0) return 'the first task has none before it';
  return `known: ${index === 1 ? 'task1' : `task1 … task${index}`}, previous`;
}

/** The part of a placeholder that a suggestion replaces: the name, where the words around it are right. */
export function wordOf(expression: string): string {
  const value = /^(?:vars|env)\.(.+)$/.exec(expression)?.[1];
  const step = /^steps\.(.+?)(?:\[\d+\])?\.output(?:[.[].*)?$/.exec(expression)?.[1];
  return value ?? step ?? /^(.+?)(?:\[\d+\])?(?:\.output(?:[.[].*)?)?$/.exec(expression)?.[1] ?? expression;
}

function problem(
  code: 'cycle' | 'placeholder-unknown' | 'placeholder-unset',
  scope: PlaceholderScope,
  message: string,
  hint?: string,
  word?: string,
): { problem: PlaceholderProblem } {
  const task = scope.names[scope.index] ?? '';
  return { problem: { code, message: `${task}: ${message}`, hint, task, ...(word !== undefined && { word }) } };
}
