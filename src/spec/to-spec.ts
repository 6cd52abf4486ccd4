// In: tasks as JSON of any origin. Out: the Spec, or all problems at once. Pure.
import { maxProblems, ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import type { RunType } from '../events/run-document.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import { suggest } from '../errors/suggest.ts';
import { orderByNeeds } from '../lib/order-by-needs.ts';
import { checkNames } from './check-names.ts';
import type { CompileSchema } from './compile-schema.ts';
import { checkForm } from './check-form.ts';
import { checkTask, ignoredFields, type CheckedTask } from './check-task.ts';
import { checkFrame, listsOf } from './workflow/check-frame.ts';
import { checkImages, checkValues, checkWords, withoutDataUrl } from './template/check-text.ts';
import { toProblem, type At, type Finding } from './workflow/finding.ts';
import {
  resolveInSequence,
  resolveInTasks,
  resolveInWorkflow,
  verbatimWarning,
  wordOf,
  type PlaceholderScope,
  type PlaceholderValues,
  type Resolve,
} from './template/placeholders.ts';
import type { Spec, TaskSource, TaskSpec } from './spec.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';
import { parseTemplate, placeholdersOf, templateNeeds, type Template } from './template/template.ts';

export interface SpecInput extends PlaceholderValues {
  run_type: RunType;
  sources: readonly TaskSource[];
  sequential: boolean;
  /** Every placeholder stays as it was typed. */
  asTyped?: boolean | undefined;
  taskTypes: readonly TaskDefinition[];
  /** Needed when a task has a JSON Schema. */
  compileSchema?: CompileSchema | undefined;
}

/**
 * @param found what is known to be wrong already
 * @throws ProblemError with all that is wrong
 */
export function toSpec(input: SpecInput, found: readonly Problem[] = []): Spec {
  const { spec, problems } = checkSpec(input);
  throwProblems([...found, ...problems]);
  return spec;
}

/** The Spec, as far as it can be understood, and all that is wrong with it. */
export function checkSpec(input: SpecInput): { spec: Spec; problems: Problem[] } {
  const { run_type, sources, sequential } = input;
  const noun = run_type === 'workflow' ? 'step' : 'task';
  if (sources.length === 0) {
    throw new ProblemError({ code: 'task-invalid', message: `no ${noun}s given`, hint: emptyHint[run_type] });
  }
  const types = new Map(input.taskTypes.map((definition) => [definition.type, definition]));
  const checked = sources.map((source, index) => checkTask(source, `${noun}${index + 1}`, types));
  const names = checked.map(({ name }) => name);
  const problems = [...nameProblems(names, sources, noun), ...checkValues(input)];
  const scope = {
    ...input,
    resolve: resolverOf(input),
    names,
    positions: positionsOf(names),
    lists: listsOf(sources, names),
  };
  const tasks: TaskSpec[] = [];
  const references: References[] = [];
  for (const [index, task] of checked.entries()) {
    const mentioned: References = new Map();
    tasks.push(toTaskSpec(task, { ...scope, index }, mentioned));
    references.push(mentioned);
    const { location, mark } = task.source;
    problems.push(...task.problems.map((found) => toProblem({ ...found, task: task.name, location }, mark)));
    if (problems.length > maxProblems) break;
  }
  if (run_type === 'workflow') problems.push(...circles(tasks, sources, references));
  return { spec: { run_type, tasks, sequential }, problems };
}

function nameProblems(names: readonly string[], sources: readonly TaskSource[], noun: 'task' | 'step'): Problem[] {
  return checkNames(names, noun).map(({ at, ...problem }) => {
    const [index, ...path] = at?.path ?? [];
    const mark = typeof index === 'number' ? sources[index]?.mark : undefined;
    return toProblem({ ...problem, at: { ...at, path } }, mark);
  });
}

/** Where a task refers to each of the others it waits for. */
type References = Map<string, At>;

function circles(
  tasks: readonly TaskSpec[],
  sources: readonly TaskSource[],
  references: readonly References[],
): Problem[] {
  const found = orderByNeeds(tasks).circles;
  if (found.length === 0) return [];
  const positions = positionsOf(tasks.map(({ name }) => name));
  return found.map((circle) => {
    const [task = '', next = ''] = circle;
    const position = positions.get(task) ?? 0;
    const message = `steps need each other in a circle: ${circle.join(' → ')}`;
    const at = references[position]?.get(next);
    return toProblem(
      { code: 'cycle', message, hint: 'remove one of these references', task, at },
      sources[position]?.mark,
    );
  });
}

const emptyHint = {
  tasks: `add --tasks 'type:prompt' or --tasks-file FILE`,
  workflow: `add --steps 'name:type:prompt' or --file FILE`,
} satisfies Record<RunType, string>;

function resolverOf({ run_type, sequential, asTyped = false }: SpecInput): Resolve {
  if (asTyped) return () => ({ verbatim: true });
  if (run_type === 'workflow') return resolveInWorkflow;
  return sequential ? resolveInSequence : resolveInTasks;
}

function positionsOf(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index]));
}

type Scope = PlaceholderScope & Pick<SpecInput, 'sequential' | 'compileSchema'> & { resolve: Resolve };

/** Adds what is wrong to the problems of the task, and what it refers to, to its references. */
function toTaskSpec(task: CheckedTask, scope: Scope, references: References): TaskSpec {
  const { name, source, fields, definition = unknownType, problems } = task;
  const verbatim: string[] = [];
  const template = (text: string, path: string): Template => {
    const parsed = parseTemplate<Finding>(text, (expression, start) => {
      const resolution = scope.resolve(expression, scope);
      const at = (word: string = wordOf(expression)): At => placeholderAt(path, text, { word, start });
      if ('output' in resolution && !references.has(resolution.output)) references.set(resolution.output, at());
      if (!('problem' in resolution)) return resolution;
      const { word, ...problem } = resolution.problem;
      return { problem: { ...problem, at: at(word) } };
    });
    problems.push(...parsed.problems);
    verbatim.push(...parsed.verbatim);
    return parsed.template;
  };
  const { input, system: systemText } = task.texts;
  const { timeout, messages } = fields ?? {};
  if (source.literal) verbatim.push(...placeholdersOf(input).filter((each) => standsForSomething(each, scope)));
  const prompt = source.literal ? [{ text: input }] : template(input, 'input');
  const system = systemText === undefined ? undefined : template(systemText, 'system');
  const frame = checkFrame(source, task.definition, scope);
  for (const [step, at] of frame.references) if (!references.has(step)) references.set(step, at);
  problems.push(...frame.findings, ...checkNeeds(task, scope, references));
  if (fields && task.definition) {
    problems.push(...checkWords(fields, { prompt, system }, definition, source.place));
    problems.push(...checkImages(fields, source.place));
    problems.push(...checkForm(fields, definition, source.place, scope.compileSchema));
  }
  const taken = [...templateNeeds(prompt), ...templateNeeds(system ?? []), ...frame.references.keys()];
  const named = new Set([...taken, ...needsOf(source, scope)]);
  const needs = named.size === 0 ? none : [...named];
  const warnings = warningsOf(task, { verbatim, isSequential: scope.sequential, context: frame.fields.context, needs });
  return withoutUndefined<TaskSpec>({
    name,
    definition,
    prompt,
    system,
    messages: messages?.map((message) => ({ ...message, images: message.images?.map(withoutDataUrl) })),
    needs,
    model_name: fields?.model_name,
    parameters: fields?.parameters,
    format: fields?.format,
    extract: fields?.extract,
    on_truncate: fields?.on_truncate,
    images: fields?.images?.map(withoutDataUrl),
    think: fields?.think,
    options: fields?.options,
    timeoutMs: timeout,
    retries: fields?.retries,
    priority: fields?.priority,
    ...frame.fields,
    warnings,
  });
}

/** Shared by the many tasks that have none. */
const none: never[] = [];

interface ToldOf {
  verbatim: readonly string[];
  isSequential: boolean;
  context: TaskSpec['context'];
  needs: readonly string[];
}

function warningsOf(task: CheckedTask, { verbatim, isSequential, context, needs }: ToldOf): TaskSpec['warnings'] {
  const ignored = [...ignoredFields(task), ...idleContext(context, needs)];
  if (verbatim.length === 0 && ignored.length === 0) return none;
  return [
    ...(verbatim.length > 0 ? [verbatimWarning(verbatim, isSequential)] : []),
    ...ignored.map((message) => ({ code: 'field-ignored', message })),
  ];
}

function idleContext(context: TaskSpec['context'], needs: readonly string[]): string[] {
  return context && needs.length === 0 ? ["'context' brings nothing: the step needs no other"] : [];
}

/** Whether braces in a text from a file, which stay as they are, may have been meant to be filled in. */
function standsForSomething(expression: string, scope: Scope): boolean {
  const resolution = scope.resolve(expression, scope);
  return 'text' in resolution || 'output' in resolution || 'item' in resolution;
}

/** Where a word of a placeholder stands that begins at `start`. */
function placeholderAt(path: string, text: string, { word, start }: { word: string; start: number }): At {
  return { path: [path], piece: { of: text, start: text.indexOf(word, start + 2), length: word.length } };
}

function checkNeeds({ source }: CheckedTask, { names, positions }: Scope, references: References): Finding[] {
  return (source.needs ?? []).flatMap((need, index) => {
    const at: At = { path: ['needs', index], part: 'word' };
    if (!references.has(need)) references.set(need, at);
    if (positions.has(need)) return [];
    const message = `${source.place}: needs '${need.slice(0, 80)}', which is no step`;
    return [{ code: 'step-unknown', message, hint: suggest(need, names), at }];
  });
}

function needsOf({ needs = [] }: TaskSource, { positions }: Scope): string[] {
  return needs.filter((need) => positions.has(need));
}

/** Stands in for a type that is not known, until the problem is thrown. */
const unknownType: TaskDefinition = {
  type: '',
  summary: '',
  uses: [],
  needs: undefined,
  run: () => Promise.resolve([]),
};
