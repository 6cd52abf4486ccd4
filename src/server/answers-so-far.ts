import type { RunEvent, TaskDelta } from '../events/event.ts';

/** The texts of a run that are still arriving. */
export class AnswersSoFar {
  readonly #pieces = new Map<string, TaskDelta>();

  note(event: RunEvent): void {
    if (event.type === 'task.delta') this.#add(event);
    else if (event.type === 'task.started' || event.type === 'task.finished') this.#forget(event.task);
  }

  /** Each text as one event, from its beginning. */
  *[Symbol.iterator](): IterableIterator<TaskDelta> {
    yield* this.#pieces.values();
  }

  #add(delta: TaskDelta): void {
    const key = keyOf(delta.task, delta.channel);
    const before = this.#pieces.get(key);
    const isNext = before?.attempt === delta.attempt;
    this.#pieces.set(key, isNext ? { ...delta, offset: 0, text: before.text + delta.text } : delta);
  }

  #forget(task: string): void {
    this.#pieces.delete(keyOf(task, 'text'));
    this.#pieces.delete(keyOf(task, 'thinking'));
  }
}

function keyOf(task: string, channel: TaskDelta['channel']): string {
  return `${channel} ${task}`;
}
