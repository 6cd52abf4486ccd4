import { isRecord, normalizeTask } from '../spec/schema.ts';

/** A task with what a request says about all of its tasks; what the task says itself wins. What is no task stays as it is. */
export function withParameters(task: unknown, parameters: Readonly<Record<string, unknown>>): unknown {
  if (!isRecord(task) || Object.keys(parameters).length === 0) return task;
  const { fields } = normalizeTask(task);
  const own = isRecord(task['parameters']) ? task['parameters'] : {};
  const missing = Object.entries(parameters).filter(([key]) => !Object.hasOwn(fields, key) && !Object.hasOwn(own, key));
  if (missing.length === 0 || (task['parameters'] !== undefined && !isRecord(task['parameters']))) return task;
  return { ...task, parameters: { ...Object.fromEntries(missing), ...own } };
}
