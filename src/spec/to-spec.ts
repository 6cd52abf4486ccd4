// In: tasks as JSON of any origin. Out: the Spec, or all problems at once. Pure.
import type { z } from 'zod';
import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import { suggest } from '../errors/suggest.ts';
import type { RunType } from '../events/run-document.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import { resolveInSequence, resolveInTasks, resolveInWorkflow, type PlaceholderValues } from './placeholders.ts';
import { isRecord, normalizeTask, taskKeys, taskSchema, type TaskFields } from './schema.ts';
import type { Spec, TaskSource, TaskSpec } from './spec.ts';
import { parseTemplate, templateNeeds, type Template } from './template.ts';
import { checkImages, checkPrompt, withoutDataUrl } from './check-text.ts';
import { checkNames } from './check-names.ts';

export interface SpecInput extends PlaceholderValues {
  run_type: RunType;
  sources: readonly TaskSource[];
  sequential: boolean;
  taskTypes: readonly TaskDefinition[];
}

export function toSpec(input: SpecInput): Spec {
  const noun = input.run_type === 'workflow' ? 'step' : 'task';
  if (input.sources.length === 0) {
    throw new ProblemError({ code: 'task-invalid', message: `no ${noun}s given`, hint: emptyHint[input.run_type] });
  }
  const problems: Problem[] = [];
  const checked = input.sources.map((source, index) => checkTask(source, `${noun}${index + 1}`, problems));
  const names = checked.map((task) => task.name);
  problems.push(...checkNames(names, noun));
  const tasks = checked.map((task, index) => toTaskSpec(task, { ...input, names, index }, problems));
  throwProblems(problems);
  return { run_type: input.run_type, tasks, sequential: input.sequential };
}

const emptyHint = {
  tasks: `add --tasks 'type:prompt' or --tasks-file FILE`,
  workflow: `add --steps 'name:type:prompt'`,
} satisfies Record<RunType, string>;

interface CheckedTask {
  name: string;
  source: TaskSource;
  fields: TaskFields | undefined;
  ignored: string[];
}

/** Checks one task by itself. A broken one still has a name, so that others may refer to it. */
function checkTask(source: TaskSource, defaultName: string, problems: Problem[]): CheckedTask {
  const { task: raw, place } = source;
  if (!isRecord(raw)) {
    problems.push({ code: 'task-invalid', message: `${place}: a task is an object, not ${JSON.stringify(raw)}` });
    return { name: defaultName, source, fields: undefined, ignored: [] };
  }
  const { fields, conflicts, ignored } = normalizeTask(raw);
  for (const key of conflicts) {
    problems.push({ code: 'task-invalid', message: `${place}: '${key}' is given twice with different values` });
  }
  const parsed = taskSchema.safeParse(fields);
  const name = parsed.data?.name ?? (typeof fields.name === 'string' ? fields.name : defaultName);
  if (parsed.success) return { name, source, fields: parsed.data, ignored };
  problems.push(...parsed.error.issues.flatMap((issue) => toProblems(issue, place)));
  return { name, source, fields: undefined, ignored };
}

function toProblems(issue: z.core.$ZodIssue, place: string): Problem[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'task-invalid',
      message: `${place}: unknown key '${path === '' ? key : `${path}.${key}`}'`,
      hint: path === '' ? suggest(key, taskKeys) : undefined,
    }));
  }
  return [{ code: 'task-invalid', message: `${place}: ${path === '' ? '' : `${path}: `}${issue.message}` }];
}

interface Scope extends SpecInput {
  names: readonly string[];
  index: number;
}

function toTaskSpec({ name, source, fields, ignored }: CheckedTask, scope: Scope, problems: Problem[]): TaskSpec {
  const notices: Problem[] = [];
  const template = (text: string): Template => {
    const parsed = parseTemplate(text, (expression) => resolver(scope)(expression, scope));
    problems.push(...parsed.problems);
    notices.push(...parsed.notices);
    return parsed.template;
  };
  const text = fields?.input ?? '';
  const prompt = source.literal ? [{ text }] : template(text);
  const system = fields?.system === undefined ? undefined : template(fields.system);
  const definition = definitionOf(fields?.type, source, scope, problems);
  if (fields && definition) {
    problems.push(...checkPrompt(fields, definition, source.place), ...checkImages(fields.images ?? [], source.place));
  }
  const { type: _type, input: _input, name: _name, timeout, system: _system, ...rest } = fields ?? { type: '' };
  return {
    ...rest,
    name,
    definition: definition ?? unknownType,
    prompt,
    system,
    needs: [...new Set([...templateNeeds(prompt), ...templateNeeds(system ?? [])])],
    images: fields?.images?.map(withoutDataUrl),
    timeoutMs: timeout,
    warnings: [
      ...notices.map(({ message }) => ({ code: 'braces-as-typed', message })),
      ...ignoredFields(fields, definition, ignored).map((field) => ({
        code: 'field-ignored',
        message: `${name}: '${field}' means nothing to a task of type ${fields?.type ?? ''} and is ignored`,
      })),
    ],
  };
}

/** Fields that were given but that this type of task makes no use of. */
function ignoredFields(
  fields: TaskFields | undefined,
  definition: TaskDefinition | undefined,
  parameters: readonly string[],
): string[] {
  if (!fields || !definition || definition.uses.includes('parameters')) return [];
  const unused = callFields.filter((key) => fields[key] !== undefined && !definition.uses.includes(key));
  return [...unused, ...parameters.map((key) => `parameters.${key}`)];
}

const callFields = ['system', 'messages', 'format', 'images', 'think', 'options'] as const;

function resolver({ run_type, sequential }: SpecInput): typeof resolveInWorkflow {
  if (run_type === 'workflow') return resolveInWorkflow;
  return sequential ? resolveInSequence : resolveInTasks;
}

/** Stands in for a type that is not known, until the problem is thrown. */
const unknownType: TaskDefinition = {
  type: '',
  summary: '',
  uses: [],
  needs: undefined,
  run: () => Promise.resolve([]),
};

function definitionOf(
  type: string | undefined,
  { place }: TaskSource,
  { taskTypes }: SpecInput,
  problems: Problem[],
): TaskDefinition | undefined {
  if (type === undefined) return undefined;
  const definition = taskTypes.find((known) => known.type === type);
  if (!definition) {
    const known = taskTypes.map((each) => each.type);
    const message = `${place}: unknown task type '${type}'`;
    problems.push({ code: 'task-type-unknown', message, hint: suggest(type, known) });
  } else if (definition.unregistered !== undefined) {
    const message = `${place}: no handler is registered for task type '${type}'`;
    problems.push({ code: 'task-type-unregistered', message, hint: definition.unregistered });
  }
  return definition;
}
