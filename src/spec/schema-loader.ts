import type { TaskDefinition } from '../tasks/define-task.ts';
import type { CompileSchema } from './compile-schema.ts';
import { isRecord, normalizeTask } from './schema.ts';
import type { TaskSource } from './spec.ts';

/** What a Spec is made with besides what was asked for. */
export interface SpecContext {
  taskTypes: readonly TaskDefinition[];
  loadSchemas: SchemaLoader;
}

/** Brings what understands JSON Schemas, the same one each time. */
export type SchemaLoader = () => Promise<CompileSchema>;

/** It takes its time to load, and to understand its first schema. */
export function createSchemaLoader(): SchemaLoader {
  let compiler: Promise<CompileSchema> | undefined;
  return () => (compiler ??= import('./compile-schema.ts').then(({ createSchemaCompiler }) => createSchemaCompiler()));
}

/** What understands the schemas of these tasks; undefined when none has one. */
export async function compilerFor(
  sources: readonly TaskSource[],
  loadSchemas: SchemaLoader,
): Promise<CompileSchema | undefined> {
  const hasSchema = sources.some(({ task }) => isRecord(task) && isRecord(normalizeTask(task).fields['format']));
  return hasSchema ? loadSchemas() : undefined;
}
