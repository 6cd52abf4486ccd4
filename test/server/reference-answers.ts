import conversationData from '../fixtures/reference-conversation.json' with { type: 'json' };
import mendedData from '../fixtures/reference-mended.json' with { type: 'json' };

/** An answer, of the original or of ours. */
export interface ApiAnswer {
  status: number;
  type?: string | null | undefined;
  body?: unknown;
}

/** What was asked of the original, one after the other, and what it answered. */
export const conversation: readonly {
  name: string;
  request: { method: string; path: string; body?: unknown };
  response: ApiAnswer;
}[] = conversationData;

/**
 * The fields that are mended, each with the row of the table of defects; a `*` stands for all of the body that begin so.
 * Everything else is kept.
 */
export const mended: Readonly<Record<string, Readonly<Record<string, string>>>> = mendedData;

/**
 * The row of the defect for which a field is another one.
 */
export function rowOf(name: string, field: string): string | undefined {
  const rows = Object.entries(mended[name] ?? {});
  const [, row] =
    rows.find(([path]) => path === field) ??
    rows.find(([path]) => path.endsWith('*') && isOfBody(field) && field.startsWith(path.slice(0, -1))) ??
    [];
  return row;
}

function isOfBody(field: string): boolean {
  return field !== 'HTTP status' && field !== 'content type';
}

/** What is another one each time: only its kind is compared. */
const changing = new Set([
  'id',
  'agent_id',
  'task_id',
  'created_at',
  'updated_at',
  'completed_at',
  'error',
  'duration',
]);

/**
 * Every field of an answer, with a value by which it can be compared.
 */
export function fieldsOf({ status, type, body }: ApiAnswer): Map<string, string> {
  const fields = new Map([['HTTP status', String(status)]]);
  if (type) fields.set('content type', type.split(';')[0] ?? '');
  addFields(fields, typeof body === 'string' ? 'text' : '', body);
  return fields;
}

function addFields(fields: Map<string, string>, path: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) {
    const isList = Array.isArray(value);
    if (path !== '' && Object.keys(value).length === 0) fields.set(path, isList ? '[]' : '{}');
    for (const [key, each] of Object.entries(value)) {
      addFields(fields, isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`, each);
    }
  } else if (value !== undefined) fields.set(path, comparable(path.replace(/^.*\./, ''), value));
}

function comparable(key: string, value: unknown): string {
  if (changing.has(key)) return typeof value;
  if (typeof value !== 'string' || value === '') return JSON.stringify(value);
  // What a model says is another one each time, and so is a prompt that holds it; the sentence about a vector is not.
  if (key === 'output') return value.startsWith('Embedding generated') ? 'a sentence' : 'an output';
  return key === 'input' ? (value.includes('{{') ? 'as typed' : 'as sent') : JSON.stringify(value);
}

/**
 * The fields of the original's answer that ours does not have, or not so. Ours may have more.
 */
export function differences(theirs: ApiAnswer, ours: ApiAnswer): string[] {
  const own = fieldsOf(ours);
  return [...fieldsOf(theirs)].filter(([path, value]) => own.get(path) !== value).map(([path]) => path);
}
