// In: one task as JSON of any origin. Out: its fields in their first spelling, and all that is wrong with them. Pure.
import type { z } from 'zod';
import { suggest } from '../errors/suggest.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import type { Finding } from './workflow/finding.ts';
import { isRecord, normalizeTask, spelledPath, taskSchema, taskSpellings, type TaskFields } from './schema.ts';
import type { TaskSource } from './spec.ts';
import { suggestValue } from './suggest-value.ts';

export interface CheckedTask {
  name: string;
  source: TaskSource;
  /** Absent when they are not valid. A broken task still has a name, so that others may refer to it. */
  fields?: TaskFields | undefined;
  /** Its prompt and system prompt, as far as they are text; looked at also when something else is wrong. */
  texts: { input: string; system?: string | undefined };
  /** Absent when its type is not known. */
  definition?: TaskDefinition | undefined;
  /** Keys of `parameters` that mean nothing to a task. */
  ignored: readonly string[];
  problems: Finding[];
}

export function checkTask(
  source: TaskSource,
  defaultName: string,
  taskTypes: ReadonlyMap<string, TaskDefinition>,
): CheckedTask {
  const { task: raw, place } = source;
  if (!isRecord(raw)) {
    const message = `${place}: a task is an object, not ${JSON.stringify([raw]).slice(1, -1).slice(0, 80)}`;
    return {
      name: defaultName,
      source,
      texts: { input: '' },
      ignored: [],
      problems: [{ code: 'task-invalid', message, at: { path: [] } }],
    };
  }
  const { fields, conflicts, ignored } = normalizeTask(raw);
  const parsed = taskSchema.safeParse(fields);
  const problems = [
    ...conflicts.map((key): Finding => ({
      code: 'task-invalid',
      message: `${place}: '${key}' is given twice with different values`,
      at: { path: [key], part: 'key' },
    })),
    ...(parsed.error?.issues ?? []).flatMap((issue) => toFindings(issue, fields, raw, place)),
    ...checkType(fields.type, place, taskTypes),
  ];
  const name = parsed.data?.name ?? (typeof fields.name === 'string' ? fields.name : defaultName);
  const definition = parsed.success ? taskTypes.get(parsed.data.type) : undefined;
  const texts = { input: textOf(fields.input) ?? '', system: textOf(fields.system) };
  return { name, source, fields: parsed.data, texts, definition, ignored, problems };
}

const fieldsOfCalls = ['system', 'messages', 'format', 'images', 'think', 'options'] as const;

/** What this type of task makes no use of, in words. */
export function ignoredFields({ fields, definition, ignored }: CheckedTask): string[] {
  if (!fields || !definition) return [];
  const { type, uses, needs } = definition;
  if (uses.includes('parameters')) return [];
  const unused = ([...fieldsOfCalls, 'extract', 'on_truncate'] as const).filter(
    (key) => fields[key] !== undefined && !uses.includes(key),
  );
  const meaningless = [...unused, ...(fields.model_name !== undefined && !needs ? ['model_name'] : [])];
  return [
    ...meaningless.map((key) => `'${key}' means nothing to a task of type ${type} and is ignored`),
    ...ignored.map((key) => `'parameters.${key}' is not known and is ignored; options of the model go into 'options'`),
  ];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toFindings(
  issue: z.core.$ZodIssue,
  fields: unknown,
  raw: Readonly<Record<string, unknown>>,
  place: string,
): Finding[] {
  const path = spelledPath(issue.path, raw).map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'task-invalid',
      message: `${place}: unknown key '${path === '' ? key : `${path}.${key}`}'`,
      hint: path === '' ? suggest(key, taskSpellings) : undefined,
      at: { path: [...issue.path, key], part: 'key' },
    }));
  }
  const hint = suggestValue(issue, fields);
  return [{ code: 'task-invalid', message: `${place}: ${path}: ${issue.message}`, hint, at: { path: issue.path } }];
}

function checkType(type: unknown, place: string, taskTypes: ReadonlyMap<string, TaskDefinition>): Finding[] {
  if (typeof type !== 'string' || type === '') return [];
  const at = { path: ['type'], part: 'word' } as const;
  const definition = taskTypes.get(type);
  if (!definition) {
    const message = `${place}: unknown task type '${type.slice(0, 80)}'`;
    return [{ code: 'task-type-unknown', message, hint: suggest(type, [...taskTypes.keys()]), at }];
  }
  if (definition.unregistered === undefined) return [];
  const message = `${place}: no handler is registered for task type '${type}'`;
  return [{ code: 'task-type-unregistered', message, hint: definition.unregistered, at }];
}
