import { hash } from 'node:crypto';
import type { TaskCall, TaskDefinition } from '../../tasks/define-task.ts';

/** What a question is asked with besides its call. */
export interface Asked {
  definition: TaskDefinition;
  /** What of the answer is the output: `json`, `code:python`; absent: all of it. */
  form: string | undefined;
}

/**
 * A hash of all that is asked, the model left out: calls with the same one may share an answer. The order of options
 * means nothing; that of a schema's keys decides the order of the answer's.
 */
export function fingerprint(call: TaskCall, { definition, form }: Asked): string {
  const { input, system, messages, format, images, think, options, parameters, truncate } = call;
  const asked = { type: definition.type, input, system, messages, format, form, images, think, truncate };
  const text = JSON.stringify({ ...asked, options: sorted(options), parameters: sorted(parameters) });
  return hash('sha256', text);
}

/** Whether the same question gets the same answer from the same model: nothing is drawn by lot, or always the same lot. */
export function isRepeatable({ options }: TaskCall, definition: TaskDefinition): boolean {
  if (definition.isRepeatable) return true;
  return typeof options?.['seed'] === 'number' || options?.['temperature'] === 0;
}

function sorted(fields: Readonly<Record<string, unknown>> | undefined): [string, unknown][] | undefined {
  return fields && Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}
