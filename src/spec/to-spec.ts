// In: tasks as JSON of any origin. Out: the Spec, or all problems at once. Pure.
import { maxProblems, ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import type { RunType } from '../events/run-document.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import { checkNames } from './check-names.ts';
import { checkTask, ignoredFields, type CheckedTask } from './check-task.ts';
import { checkImages, checkValues, checkWords, withoutDataUrl } from './check-text.ts';
import {
  resolveInSequence,
  resolveInTasks,
  resolveInWorkflow,
  verbatimWarning,
  type PlaceholderScope,
  type PlaceholderValues,
  type Resolve,
} from './placeholders.ts';
import type { Spec, TaskSource, TaskSpec } from './spec.ts';
import { parseTemplate, templateNeeds, type Template } from './template.ts';

export interface SpecInput extends PlaceholderValues {
  run_type: RunType;
  sources: readonly TaskSource[];
  sequential: boolean;
  taskTypes: readonly TaskDefinition[];
}

export function toSpec(input: SpecInput): Spec {
  const { run_type, sources, sequential, vars, stdin, env } = input;
  const noun = run_type === 'workflow' ? 'step' : 'task';
  if (sources.length === 0) {
    throw new ProblemError({ code: 'task-invalid', message: `no ${noun}s given`, hint: emptyHint[run_type] });
  }
  const types = new Map(input.taskTypes.map((definition) => [definition.type, definition]));
  const checked = sources.map((source, index) => checkTask(source, `${noun}${index + 1}`, types));
  const names = checked.map(({ name }) => name);
  const problems = [...checkNames(names, noun), ...checkValues(input)];
  const scope = { resolve: resolverOf(input), sequential, vars, stdin, env, names, positions: positionsOf(names) };
  const tasks: TaskSpec[] = [];
  for (const [index, task] of checked.entries()) {
    tasks.push(toTaskSpec(task, { ...scope, index }));
    problems.push(...task.problems.map((problem) => ({ ...problem, task: task.name, location: task.source.location })));
    if (problems.length > maxProblems) break;
  }
  throwProblems(problems);
  return { run_type, tasks, sequential };
}

const emptyHint = {
  tasks: `add --tasks 'type:prompt' or --tasks-file FILE`,
  workflow: `add --steps 'name:type:prompt'`,
} satisfies Record<RunType, string>;

function resolverOf({ run_type, sequential }: SpecInput): Resolve {
  if (run_type === 'workflow') return resolveInWorkflow;
  return sequential ? resolveInSequence : resolveInTasks;
}

function positionsOf(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index]));
}

type Scope = PlaceholderScope & { resolve: Resolve; sequential: boolean };

/** Adds what is wrong to the problems of the task. */
function toTaskSpec(task: CheckedTask, scope: Scope): TaskSpec {
  const { name, source, fields, definition = unknownType, problems } = task;
  const verbatim: string[] = [];
  const template = (text: string): Template => {
    const parsed = parseTemplate<Problem>(text, (expression) => scope.resolve(expression, scope));
    problems.push(...parsed.problems);
    verbatim.push(...parsed.verbatim);
    return parsed.template;
  };
  const { input = '', system: systemText, timeout, messages } = fields ?? {};
  const prompt = source.literal ? [{ text: input }] : template(input);
  const system = systemText === undefined ? undefined : template(systemText);
  if (fields && task.definition) {
    problems.push(...checkWords(fields, { prompt, system }, definition, source.place));
    problems.push(...checkImages(fields, source.place));
  }
  return {
    name,
    definition,
    prompt,
    system,
    messages: messages?.map((message) => ({ ...message, images: message.images?.map(withoutDataUrl) })),
    needs: [...new Set([...templateNeeds(prompt), ...templateNeeds(system ?? [])])],
    model_name: fields?.model_name,
    parameters: fields?.parameters,
    format: fields?.format,
    images: fields?.images?.map(withoutDataUrl),
    think: fields?.think,
    options: fields?.options,
    timeoutMs: timeout,
    retries: fields?.retries,
    warnings: [
      ...(verbatim.length > 0 ? [verbatimWarning(verbatim, scope.sequential)] : []),
      ...ignoredFields(task).map((message) => ({ code: 'field-ignored', message })),
    ],
  };
}

/** Stands in for a type that is not known, until the problem is thrown. */
const unknownType: TaskDefinition = {
  type: '',
  summary: '',
  uses: [],
  needs: undefined,
  run: () => Promise.resolve([]),
};
