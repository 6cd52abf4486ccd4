import type { Format } from '../ollama/wire.ts';

type Schema = Record<string, unknown>;

/** Keywords that llama.cpp's grammars obey, or that say nothing about what is valid. */
const obeyed = new Set([
  ...['type', 'enum', 'const', 'oneOf', 'anyOf', '$ref', '$defs'],
  ...['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
  ...['items', 'prefixItems', 'minItems', 'maxItems', 'minLength', 'maxLength', 'format'],
  ...['title', 'description', 'default', 'examples', '$schema', '$id'],
]);
const stringFormats: unknown[] = ['date-time', 'time', 'date'];

/** The format as the engine's grammars want it, or what in it they could not hold a model to. */
export function toGrammarFormat(format: Format | undefined): { format?: Format | undefined; problem?: string } {
  if (format === undefined || format === 'json') return { format };
  const wrong = findUnobeyed(format);
  if (wrong !== undefined) return { problem: `the built-in engine does not support ${wrong} in a schema` };
  return { format: rewrite(format) as Schema };
}

function findUnobeyed(schema: unknown): string | undefined {
  if (!isSchema(schema)) return undefined;
  for (const [key, value] of Object.entries(schema)) {
    if (!obeyed.has(key)) return `'${key}'`;
    if (key === 'format' && !stringFormats.includes(value)) return `format ${JSON.stringify(value)}`;
    const found = innerSchemas(key, value).map(findUnobeyed).find(Boolean);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The grammars know one of the two words for alternatives: a text that is one of them is any of them. */
function rewrite(schema: unknown): unknown {
  if (!isSchema(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (isMap(key) && isSchema(value))
        return [key, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rewrite(inner)]))];
      if (innerSchemas(key, value).length === 0) return [key, value];
      return [key === 'anyOf' ? 'oneOf' : key, Array.isArray(value) ? value.map(rewrite) : rewrite(value)];
    }),
  );
}

function innerSchemas(key: string, value: unknown): unknown[] {
  if (isMap(key)) return Object.values((value ?? {}) as Schema);
  if (['oneOf', 'anyOf', 'prefixItems'].includes(key)) return Array.isArray(value) ? value : [];
  return ['items', 'additionalProperties'].includes(key) ? [value] : [];
}

const isMap = (key: string): boolean => key === 'properties' || key === '$defs';
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
