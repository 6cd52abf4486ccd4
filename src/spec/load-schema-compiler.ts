import type { CompileSchema } from './compile-schema.ts';
import { isRecord, normalizeTask } from './schema.ts';
import type { TaskSource } from './spec.ts';

/** What understands JSON Schemas takes its time to load: only when a task has one. */
export async function loadSchemaCompiler(sources: readonly TaskSource[]): Promise<CompileSchema | undefined> {
  const hasSchema = sources.some(({ task }) => isRecord(task) && isRecord(normalizeTask(task).fields['format']));
  return hasSchema ? (await import('./compile-schema.ts')).createSchemaCompiler() : undefined;
}
