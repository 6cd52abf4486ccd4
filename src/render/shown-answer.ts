import type { TaskFinished } from '../events/event.ts';
import { neutralize } from '../lib/neutralize.ts';
import type { RenderContext } from './renderer.ts';

/** The answer of a task as text; a vector as its JSON. */
export function answerOf({ embedding, output = '' }: Pick<TaskFinished, 'embedding' | 'output'>): string {
  return embedding ? JSON.stringify(embedding) : output;
}

/** The same, fit for where it is shown: on a terminal nothing in it may be obeyed, a pipe gets it as it is. */
export function toShown(event: TaskFinished, { terminal }: Pick<RenderContext, 'terminal'>): string {
  return terminal.stdout ? neutralize(answerOf(event)) : answerOf(event);
}
