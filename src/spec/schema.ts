import { z } from 'zod';
import { parseGoDuration } from '../lib/go-duration.ts';

/** Tasks, steps and agents: letters, digits, `_`, `.` and `-`, at most 64. */
export const namePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/** A Go-style duration (`"30s"`) or a number of seconds; milliseconds after parsing. */
export const durationSchema = z.union([z.string(), z.number()]).transform((value, context) => {
  const ns = typeof value === 'number' ? value * 1e9 : parseGoDuration(value.trim());
  if (ns !== undefined && ns > 0 && Number.isFinite(ns)) return ns / 1e6;
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(value)} is not a duration; write "30s", "5m" or a number of seconds`,
  });
  return z.NEVER;
});

const toolCallSchema = z.object({
  id: z.string().optional(),
  function: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }),
});

const messageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  thinking: z.string().optional(),
  images: z.array(z.string()).optional(),
  tool_calls: z.array(toolCallSchema).optional(),
  tool_name: z.string().optional(),
  tool_call_id: z.string().optional(),
});

/** What a task may say, in its first spelling. One shape for JSONL files, workflow files, the library and REST. */
export const taskSchema = z.strictObject({
  type: z.string().min(1),
  /** The prompt. A chat task with `messages` may leave it out. */
  input: z.string().optional(),
  name: z.string().regex(namePattern, 'is not a name: use letters, digits, _ . and -, at most 64').optional(),
  /** The model this task must go to; it is never replaced by another. */
  model_name: z.string().trim().min(1).optional(),
  /** As the original takes it: a field `x` may also be written `parameters.x`. */
  parameters: z.record(z.string(), z.unknown()).optional(),
  system: z.string().optional(),
  messages: z.array(messageSchema).min(1).optional(),
  /** `"json"` or a JSON Schema. */
  format: z.union([z.literal('json'), z.record(z.string(), z.unknown())]).optional(),
  /** Base64, data URLs, or `@file` on the command line. */
  images: z.array(z.string()).optional(),
  think: z.union([z.boolean(), z.enum(['low', 'medium', 'high', 'max'])]).optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  timeout: durationSchema.optional(),
  retries: z.number().int().min(0).max(100).optional(),
});

export type TaskFields = z.output<typeof taskSchema>;

/** A task as a user of the library writes it; `prompt` and `model` are accepted for `input` and `model_name`. */
export type TaskInput = Omit<z.input<typeof taskSchema>, 'input'> & { input?: string; prompt?: string; model?: string };

export const taskKeys = Object.keys(taskSchema.shape);

const otherSpellings: Readonly<Record<string, string>> = { prompt: 'input', model: 'model_name' };

/** Fields of a task that are not about its identity, so that `parameters` may carry them. */
const parameterKeys = new Set(
  [...taskKeys, ...Object.keys(otherSpellings)].filter((key) => !['type', 'name', 'parameters'].includes(key)),
);

export interface NormalizedTask {
  fields: Record<string, unknown>;
  /** Keys that were given twice with different values. */
  conflicts: string[];
  /** Keys of `parameters` that mean nothing to a task. */
  ignored: string[];
}

/** Brings both spellings of every field, and fields inside `parameters`, into the first spelling. */
export function normalizeTask(raw: Readonly<Record<string, unknown>>): NormalizedTask {
  const fields: Record<string, unknown> = {};
  const conflicts: string[] = [];
  const put = (key: string, value: unknown): void => {
    const field = Object.hasOwn(otherSpellings, key) ? (otherSpellings[key] ?? key) : key;
    if (value === null) return;
    if (Object.hasOwn(fields, field) && JSON.stringify(fields[field]) !== JSON.stringify(value)) conflicts.push(field);
    else Object.defineProperty(fields, field, { value, enumerable: true, configurable: true, writable: true });
  };
  for (const [key, value] of Object.entries(raw)) put(key, value);
  const parameters = isRecord(raw.parameters) ? Object.entries(raw.parameters) : [];
  for (const [key, value] of parameters) if (parameterKeys.has(key)) put(key, value);
  return { fields, conflicts, ignored: parameters.map(([key]) => key).filter((key) => !parameterKeys.has(key)) };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
