import type { JsonCheck } from '../lib/find-json.ts';
import type { CompileSchema } from '../spec/compile-schema.ts';
import type { AnswerForm } from '../tasks/answer-form.ts';

/** The check of the schema of a form; undefined where there is none. */
export type SchemaChecks = (form: AnswerForm | undefined) => Promise<JsonCheck | undefined>;

/** What understands schemas takes its time to load: it waits for the first answer that is held to one. */
export function createSchemaChecks(): SchemaChecks {
  let compiler: Promise<CompileSchema> | undefined;
  return async (form) => {
    if (form?.kind !== 'json' || !form.schema) return undefined;
    compiler ??= import('../spec/compile-schema.ts').then(({ createSchemaCompiler }) => createSchemaCompiler());
    const compiled = (await compiler)(form.schema);
    if ('check' in compiled) return compiled.check;
    throw new Error(`a schema was planned that is none: ${compiled.reason}`);
  };
}
