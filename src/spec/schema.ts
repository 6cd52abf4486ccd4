import { z } from 'zod';
import { goDurationPattern, parseGoDuration } from '../lib/go-duration.ts';
import { extractPattern } from '../tasks/answer-form.ts';

/** Tasks, steps and agents: letters, digits, `_`, `.` and `-`, at most 64. */
export const namePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/** Timers of the platform hold at most 2^31 - 1 ms. */
const maxDurationNs = (2 ** 31 - 1) * 1e6;

/** A Go-style duration (`"30s"`) or a number of seconds; milliseconds after parsing. */
export const durationSchema = z
  .union(
    [z.string().meta({ pattern: goDurationPattern }), z.number()],
    'must be a duration such as "30s", or a number of seconds',
  )
  .transform((value, context) => {
    const ns = typeof value === 'number' ? value * 1e9 : parseGoDuration(value.trim());
    if (ns !== undefined && ns > 0 && ns <= maxDurationNs) return ns / 1e6;
    const rule = 'must be a duration such as "30s", "5m" or a number of seconds, above 0 and at most 24 days';
    context.addIssue({ code: 'custom', message: `${rule}, not ${JSON.stringify(value)}` });
    return z.NEVER;
  });

const text = z.string('must be text');
const object = z.record(z.string(), z.unknown(), 'must be an object');
const images = z.array(text, 'must be a list of images');

const toolCallSchema = z.object(
  { id: text.optional(), function: z.object({ name: text, arguments: object }, 'must be an object') },
  'must be an object',
);

const messageSchema = z.strictObject(
  {
    role: z.enum(['system', 'user', 'assistant', 'tool'], 'must be system, user, assistant or tool'),
    content: text,
    thinking: text.optional(),
    images: images.optional(),
    tool_calls: z.array(toolCallSchema, 'must be a list of tool calls').optional(),
    tool_name: text.optional(),
    tool_call_id: text.optional(),
  },
  'must be an object with role and content',
);

const typeRule = 'must be a task type such as "generate"';
const extractRule = 'must be "json", "code" or "code:LANGUAGE"';
const retriesRule = 'must be a whole number from 0 to 100';
const priorityRule = 'must be a whole number from -1000 to 1000';
const messagesRule = 'must be a list of at least one message';

/** What a task may say, in its first spelling. One shape for JSONL files, workflow files, the library and REST. */
export const taskSchema = z.strictObject({
  type: z.string(typeRule).min(1, typeRule),
  /** The prompt. A chat task with `messages` may leave it out. */
  input: text.optional(),
  /** Looked at together with the names of the others. */
  name: text.optional(),
  /** The model this task must go to; it is never replaced by another. */
  model_name: z.string('must be the name of a model').trim().min(1, 'must be the name of a model').optional(),
  /** As the original takes it: a field `x` may also be written `parameters.x`. */
  parameters: object.optional(),
  system: text.optional(),
  messages: z.array(messageSchema, messagesRule).min(1, messagesRule).optional(),
  /** `"json"` or a JSON Schema. */
  format: z.union([z.literal('json'), object], 'must be "json" or a JSON Schema').optional(),
  /** Base64, data URLs, or `@file` in a tasks file. */
  images: images.optional(),
  /** Of a plain task: its output is the code block or JSON document that stands in the answer. */
  extract: z.union([z.enum(['json', 'code']), z.string().regex(extractPattern)], extractRule).optional(),
  /** Whether a prompt that the server cuts is a failure, which it is when nothing is said. */
  on_truncate: z.enum(['fail', 'warn'], 'must be fail or warn').optional(),
  think: z
    .union(
      [z.boolean(), z.enum(['low', 'medium', 'high', 'max'])],
      'must be true, false, "low", "medium", "high" or "max"',
    )
    .optional(),
  options: object.optional(),
  timeout: durationSchema.optional(),
  retries: z.int(retriesRule).min(0, retriesRule).max(100, retriesRule).optional(),
  /** Of what could start, the highest goes first; 0 when nothing is said. */
  priority: z.int(priorityRule).min(-1000, priorityRule).max(1000, priorityRule).optional(),
});

export type TaskFields = z.output<typeof taskSchema>;

/** A task as a user of the library writes it; `prompt` and `model` are accepted for `input` and `model_name`. */
export type TaskInput = Omit<z.input<typeof taskSchema>, 'input'> & { input?: string; prompt?: string; model?: string };

const otherSpellings: Readonly<Record<string, string>> = { prompt: 'input', model: 'model_name' };

/** The path of a field as a task spells it. */
export function spelledPath(
  path: readonly PropertyKey[],
  raw: Readonly<Record<string, unknown>>,
): readonly PropertyKey[] {
  const [first, ...rest] = path;
  const spelled = Object.keys(otherSpellings).find((key) => otherSpellings[key] === first && Object.hasOwn(raw, key));
  return spelled === undefined ? path : [spelled, ...rest];
}

/** Every key a task may have, in all spellings. */
export const taskSpellings: readonly string[] = [...Object.keys(taskSchema.shape), ...Object.keys(otherSpellings)];

/** Fields of a task that are not about its identity, so that `parameters` may carry them. */
const parameterKeys = new Set(taskSpellings.filter((key) => !['type', 'name', 'parameters'].includes(key)));

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
