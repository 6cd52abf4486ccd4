import type { RunEvent, TaskDelta } from '../events/event.ts';

/** How far one reader of a run has come: the last durable event it got, and how much of each answer that still arrives. */
export class ReaderPosition {
  seq: number;
  readonly #answers = new Map<string, Received>();

  constructor(seq: number) {
    this.seq = seq;
  }

  /** What of an event is news to the reader; undefined when nothing is. From then on it has it. */
  take(event: RunEvent): RunEvent | undefined {
    if (event.type === 'task.delta') return this.#takeDelta(event);
    if (!('seq' in event)) return event;
    if (event.seq <= this.seq) return undefined;
    this.seq = event.seq;
    if (event.type === 'task.finished' || event.type === 'task.started') this.#answers.delete(event.task);
    return event;
  }

  #takeDelta(event: TaskDelta): TaskDelta | undefined {
    const { task, attempt, channel, offset, text } = event;
    const known = this.#answers.get(task);
    if (known && known.attempt > attempt) return undefined;
    const received = known?.attempt === attempt ? known : { attempt, text: 0, thinking: 0 };
    this.#answers.set(task, received);
    const had = received[channel];
    const end = offset + text.length;
    if (end <= had) return undefined;
    received[channel] = end;
    return offset >= had ? event : { ...event, offset: had, text: text.slice(had - offset) };
  }
}

/** UTF-16 units of an answer. */
interface Received {
  attempt: number;
  text: number;
  thinking: number;
}
