// In: one task as JSON of any origin. Out: its fields in their first spelling, and all that is wrong with them. Pure.
import type { z } from 'zod';
import type { Problem } from '../errors/problem.ts';
import { suggest } from '../errors/suggest.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import { isRecord, normalizeTask, taskSchema, taskSpellings, type TaskFields } from './schema.ts';
import type { TaskSource } from './spec.ts';

export interface CheckedTask {
  name: string;
  source: TaskSource;
  /** Absent when they are not valid. A broken task still has a name, so that others may refer to it. */
  fields?: TaskFields | undefined;
  /** Absent when its type is not known. */
  definition?: TaskDefinition | undefined;
  /** Keys of `parameters` that mean nothing to a task. */
  ignored: readonly string[];
  problems: Problem[];
}

export function checkTask(
  source: TaskSource,
  defaultName: string,
  taskTypes: ReadonlyMap<string, TaskDefinition>,
): CheckedTask {
  const { task: raw, place } = source;
  if (!isRecord(raw)) {
    const message = `${place}: a task is an object, not ${JSON.stringify([raw]).slice(1, -1).slice(0, 80)}`;
    return { name: defaultName, source, ignored: [], problems: [{ code: 'task-invalid', message }] };
  }
  const { fields, conflicts, ignored } = normalizeTask(raw);
  const parsed = taskSchema.safeParse(fields);
  const problems = [
    ...conflicts.map((key): Problem => ({
      code: 'task-invalid',
      message: `${place}: '${key}' is given twice with different values`,
    })),
    ...(parsed.error?.issues ?? []).flatMap((issue) => toProblems(issue, place)),
    ...checkType(fields.type, place, taskTypes),
  ];
  const name = parsed.data?.name ?? (typeof fields.name === 'string' ? fields.name : defaultName);
  const definition = parsed.success ? taskTypes.get(parsed.data.type) : undefined;
  return { name, source, fields: parsed.data, definition, ignored, problems };
}

/** What this type of task makes no use of, in words. */
export function ignoredFields({ fields, definition, ignored }: CheckedTask): string[] {
  if (!fields || !definition) return [];
  const { type, uses, needs } = definition;
  if (uses.includes('parameters')) return [];
  const unused = (['system', 'messages', 'format', 'images', 'think', 'options'] as const).filter(
    (key) => fields[key] !== undefined && !uses.includes(key),
  );
  const meaningless = [...unused, ...(fields.model_name !== undefined && !needs ? ['model_name'] : [])];
  return [
    ...meaningless.map((key) => `'${key}' means nothing to a task of type ${type} and is ignored`),
    ...ignored.map((key) => `'parameters.${key}' is not known and is ignored; options of the model go into 'options'`),
  ];
}

function toProblems(issue: z.core.$ZodIssue, place: string): Problem[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'task-invalid',
      message: `${place}: unknown key '${path === '' ? key : `${path}.${key}`}'`,
      hint: path === '' ? suggest(key, taskSpellings) : undefined,
    }));
  }
  return [{ code: 'task-invalid', message: `${place}: ${path}: ${issue.message}` }];
}

function checkType(type: unknown, place: string, taskTypes: ReadonlyMap<string, TaskDefinition>): Problem[] {
  if (typeof type !== 'string' || type === '') return [];
  const definition = taskTypes.get(type);
  if (!definition) {
    const message = `${place}: unknown task type '${type.slice(0, 80)}'`;
    return [{ code: 'task-type-unknown', message, hint: suggest(type, [...taskTypes.keys()]) }];
  }
  if (definition.unregistered === undefined) return [];
  const message = `${place}: no handler is registered for task type '${type}'`;
  return [{ code: 'task-type-unregistered', message, hint: definition.unregistered }];
}
