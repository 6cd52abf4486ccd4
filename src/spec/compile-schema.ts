import { Ajv } from 'ajv';
import { Ajv2020, type ErrorObject, type Options } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonCheck } from '../lib/find-json.ts';

/** The check of a JSON Schema, or why it is no schema. */
export type CompileSchema = (schema: Readonly<Record<string, unknown>>) => { check: JsonCheck } | { reason: string };

/** Keywords and formats that nobody knows say nothing; a schema may use the name of another one. */
const options = {
  strict: false,
  allErrors: true,
  logger: false,
  addUsedSchema: false,
} as const satisfies Options;

/** Most schemas that are kept, by us and by the library: a program that goes on for long may meet any number. */
const maxKnown = 1_000;

/** Most faults of an answer that are told. */
const maxFaults = 5;

/** A compiler that knows draft-07 and 2020-12, and compiles a schema once however many tasks ask for it. */
export function createSchemaCompiler(): CompileSchema {
  let drafts = createDrafts();
  const known = new Map<string, ReturnType<CompileSchema>>();
  return (schema) => {
    const key = JSON.stringify(schema);
    if (known.size >= maxKnown) {
      known.clear();
      drafts = createDrafts();
    }
    const compiled = known.get(key) ?? compile(schema, drafts);
    known.set(key, compiled);
    return compiled;
  };
}

interface Drafts {
  old: Ajv;
  new: Ajv2020;
}

function createDrafts(): Drafts {
  return { old: withFormats(new Ajv(options)), new: withFormats(new Ajv2020(options)) };
}

/** Without `$schema` the newer draft is tried first: what only the older one understands is taken as that. */
function compile({ $schema, ...schema }: Readonly<Record<string, unknown>>, drafts: Drafts): ReturnType<CompileSchema> {
  const isOld = typeof $schema === 'string' && /draft-0[4-7]/.test($schema);
  const first = compileWith(isOld ? drafts.old : drafts.new, schema);
  if ('check' in first || $schema !== undefined) return first;
  const second = compileWith(drafts.old, schema);
  return 'check' in second ? second : first;
}

function compileWith(ajv: Ajv | Ajv2020, schema: Record<string, unknown>): ReturnType<CompileSchema> {
  try {
    const validate = ajv.compile(schema);
    return {
      check: (value) => (validate(value) ? undefined : formatFaults(validate.errors ?? [])),
    };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Packages in CommonJS: where the function is depends on who loads them. */
function withFormats<A extends Ajv | Ajv2020>(ajv: A): A {
  addFormats.default(ajv);
  return ajv;
}

/** `/items/0/age must be integer; / must have required property 'name'`. */
function formatFaults(errors: readonly ErrorObject[]): string {
  const faults = [...new Set(errors.map(formatFault))];
  const rest = faults.length > maxFaults ? [`${faults.length - maxFaults} more faults`] : [];
  return [...faults.slice(0, maxFaults), ...rest].join('; ');
}

function formatFault({ instancePath, message = 'is not valid', params }: ErrorObject): string {
  const place = instancePath === '' ? 'the document' : instancePath;
  const values: unknown = params['allowedValues'] ?? params['allowedValue'];
  const key: unknown = params['additionalProperty'] ?? params['unevaluatedProperty'];
  const detail = values !== undefined ? `: ${JSON.stringify(values)}` : typeof key === 'string' ? `: '${key}'` : '';
  return `${place} ${message}${detail}`;
}
