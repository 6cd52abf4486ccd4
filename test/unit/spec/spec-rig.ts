import { createSchemaLoader, type SpecContext } from '../../../src/spec/schema-loader.ts';
import type { TaskInput } from '../../../src/spec/schema.ts';
import type { Spec, TaskSource } from '../../../src/spec/spec.ts';
import { toSpec, type SpecInput } from '../../../src/spec/to-spec.ts';
import { customTask } from '../../../src/tasks/custom.ts';
import { taskTypes } from '../../../src/tasks/index.ts';

/** What a Spec of the built-in types is loaded with. */
export function specContext(): SpecContext {
  return { taskTypes, loadSchemas: createSchemaLoader() };
}

/** A task as JSON at its place, `tasks.0`, `tasks.1` … */
export function sourcesOf(tasks: readonly unknown[]): TaskSource[] {
  return tasks.map((task, index) => ({ task, place: `tasks.${index}` }));
}

type SpecOptions = Partial<Omit<SpecInput, 'sources'>>;

/** Tasks as objects, run side by side unless said otherwise. */
export function specOf(tasks: readonly (TaskInput | Record<string, unknown>)[], options: SpecOptions = {}): Spec {
  return toSpec({
    run_type: 'tasks',
    sources: sourcesOf(tasks),
    sequential: false,
    taskTypes,
    vars: {},
    env: () => undefined,
    ...options,
  });
}

/** The steps of a workflow, `name:prompt`, each of type generate. */
export function workflowOf(steps: readonly string[], options: SpecOptions = {}): Spec {
  const tasks = steps.map((step) => {
    const colon = step.indexOf(':');
    return { name: step.slice(0, colon), type: 'generate', input: step.slice(colon + 1) };
  });
  return specOf(tasks, { run_type: 'workflow', ...options });
}

/** The built-in types, `custom` with a handler. */
export const typesWithCustom = [...taskTypes.filter(({ type }) => type !== 'custom'), customTask(() => 'done')];
