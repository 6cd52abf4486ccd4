import type { TaskDefinition } from '../tasks/define-task.ts';
import type { CompileSchema } from './compile-schema.ts';
import type { Finding } from './workflow/finding.ts';
import type { TaskFields } from './schema.ts';

/** What is wrong with the form a task asks its output to be of. What its type ignores counts as not said. */
export function checkForm(
  { format, extract }: TaskFields,
  { uses }: TaskDefinition,
  place: string,
  compileSchema: CompileSchema | undefined,
): Finding[] {
  if (format === undefined || !uses.includes('format')) return [];
  if (extract !== undefined && extract !== 'json' && uses.includes('extract')) {
    const message = `${place}: 'format' asks for JSON and 'extract' for ${extract}`;
    const hint = "leave one of them out: 'format' finds its JSON by itself";
    return [{ code: 'task-invalid', message, hint, at: { path: ['extract'] } }];
  }
  if (format === 'json') return [];
  if (!compileSchema) throw new Error('a task has a schema and nothing that understands schemas is loaded');
  const compiled = compileSchema(format);
  if ('check' in compiled) return [];
  const message = `${place}: format: no valid JSON Schema: ${compiled.reason}`;
  return [{ code: 'task-invalid', message, at: { path: ['format'] } }];
}
