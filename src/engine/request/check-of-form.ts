import type { JsonCheck } from '../../lib/find-json.ts';
import type { SchemaLoader } from '../../spec/schema-loader.ts';
import type { AnswerForm } from '../../tasks/answer-form.ts';

/** What holds a document to the schema of a form; undefined where there is none. */
export async function checkOfForm(
  form: AnswerForm | undefined,
  loadSchemas: SchemaLoader,
): Promise<JsonCheck | undefined> {
  if (form?.kind !== 'json' || !form.schema) return undefined;
  const compiled = (await loadSchemas())(form.schema);
  if ('check' in compiled) return compiled.check;
  throw new Error(`a schema was planned that is none: ${compiled.reason}`);
}
