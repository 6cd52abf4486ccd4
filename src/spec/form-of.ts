import { parseExtract, type AnswerForm } from '../tasks/answer-form.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import type { CompileSchema } from './compile-schema.ts';
import type { Finding } from './finding.ts';
import type { TaskFields } from './schema.ts';

/** The form a task asks its output to be of, or what is wrong with how it asks. What its type ignores counts as not said. */
export function formOf(
  fields: TaskFields,
  { uses }: TaskDefinition,
  place: string,
  compileSchema: CompileSchema | undefined,
): { form?: AnswerForm | undefined; problem?: Finding | undefined } {
  const format = uses.includes('format') ? fields.format : undefined;
  const extract = uses.includes('extract') ? fields.extract : undefined;
  if (format === undefined) return { form: extract === undefined ? undefined : parseExtract(extract) };
  if (extract !== undefined && extract !== 'json') {
    const message = `${place}: 'format' asks for JSON and 'extract' for ${extract}`;
    return {
      problem: {
        code: 'task-invalid',
        message,
        hint: "leave one of them out: 'format' finds its JSON by itself",
        at: { path: ['extract'] },
      },
    };
  }
  if (format === 'json') return { form: { kind: 'json', isFormat: true } };
  if (!compileSchema) throw new Error('a task has a schema and nothing that understands schemas is loaded');
  const compiled = compileSchema(format);
  if ('check' in compiled) return { form: { kind: 'json', isFormat: true, check: compiled.check } };
  const message = `${place}: format: no valid JSON Schema: ${compiled.reason}`;
  return { problem: { code: 'task-invalid', message, at: { path: ['format'] } } };
}
