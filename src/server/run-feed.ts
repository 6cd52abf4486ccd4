// In: the events of a run that goes on here, one by one. Out: the same for any number of readers, fast and slow ones.
import type { RunEvent } from '../events/event.ts';
import type { Clock } from '../host/host.ts';
import { createDeferred } from '../lib/deferred.ts';
import { AnswersSoFar } from './answers-so-far.ts';
import { ReaderPosition } from './reader-position.ts';

export interface RunFeedOptions {
  clock: Clock;
  /** Durable events that were kept, from behind this one on; a few at a time, none when there are no more. */
  readKept: (afterSeq: number) => Promise<RunEvent[]>;
}

/** About so much is held for readers that are a little behind. */
const maxUnits = 1 << 20;

/** A connection on which nothing is said for longer may be taken for dead by what stands in between. */
const heartbeatMs = 15_000;

/**
 * The newest events are held once for all readers; one that is too slow for that takes the durable ones it missed from the
 * journal, then each text so far. What is held does therefore not grow with the number of readers, or their patience.
 */
export class RunFeed {
  readonly #options: RunFeedOptions;
  readonly #answers = new AnswersSoFar();
  #recent: { event: RunEvent; units: number }[] = [];
  #units = 0;
  /** Number of the first event in `recent`, counted from the first there was. */
  #first = 0;
  #hasEnded = false;
  #news = createDeferred<undefined>();

  constructor(options: RunFeedOptions) {
    this.#options = options;
  }

  /** About how much is held, in characters. */
  get heldUnits(): number {
    return this.#units;
  }

  push(event: RunEvent): void {
    const units = unitsOf(event);
    this.#recent.push({ event, units });
    this.#units += units;
    this.#answers.note(event);
    if (this.#units > maxUnits) this.#trim();
    this.#tell();
  }

  /** Nothing more will come. */
  end(): void {
    this.#hasEnded = true;
    this.#tell();
  }

  /**
   * The events behind a durable one, some at a time; an empty list from time to time when there are none. Ends with the run.
   * @param signal aborted when nobody reads any more
   */
  async *follow(afterSeq: number, signal: AbortSignal): AsyncGenerator<RunEvent[], void> {
    const position = new ReaderPosition(afterSeq);
    let next = this.#startOf(afterSeq);
    while (!signal.aborted) {
      if (next < this.#first) {
        yield* this.#catchUp(position);
        const present = this.#present(position);
        next = this.#first + this.#recent.length;
        if (present.length > 0) yield present;
        continue;
      }
      const events = this.#take(position, next);
      next = this.#first + this.#recent.length;
      if (events.length > 0) yield events;
      else if (this.#hasEnded) return;
      else if (!(await this.#untilNews(signal))) yield [];
    }
  }

  /** Who wants everything, and can have it from what is held, begins there; anybody else has missed something. */
  #startOf(afterSeq: number): number {
    const first = this.#recent[0]?.event;
    const isWhole = first && 'seq' in first && first.seq === afterSeq + 1;
    return isWhole && this.#first === 0 ? 0 : -1;
  }

  /** What was kept and the reader does not have, at its own pace. */
  async *#catchUp(position: ReaderPosition): AsyncGenerator<RunEvent[], void> {
    for (;;) {
      const kept = await this.#options.readKept(position.seq);
      const news = kept.flatMap((event) => position.take(event) ?? []);
      if (news.length === 0) return;
      yield news;
    }
  }

  /** What happened since the journal was read, and each text so far. */
  #present(position: ReaderPosition): RunEvent[] {
    const durable = this.#recent.flatMap(({ event }) => ('seq' in event ? (position.take(event) ?? []) : []));
    const texts = [...this.#answers].flatMap((delta) => position.take(delta) ?? []);
    return [...durable, ...texts];
  }

  #take(position: ReaderPosition, next: number): RunEvent[] {
    return this.#recent.slice(next - this.#first).flatMap(({ event }) => position.take(event) ?? []);
  }

  /** Lets the older half go, so that it is not done for every event. */
  #trim(): void {
    let dropped = 0;
    while (this.#units > maxUnits / 2 && dropped < this.#recent.length - 1) {
      this.#units -= this.#recent[dropped]?.units ?? 0;
      dropped += 1;
    }
    this.#recent = this.#recent.slice(dropped);
    this.#first += dropped;
  }

  #tell(): void {
    this.#news.resolve(undefined);
    this.#news = createDeferred<undefined>();
  }

  /** False when nothing happened for some time. */
  async #untilNews(signal: AbortSignal): Promise<boolean> {
    const silence = createDeferred<boolean>();
    const stop = this.#options.clock.after(heartbeatMs, () => silence.resolve(false));
    const onAbort = (): void => silence.resolve(true);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([this.#news.promise.then(() => true), silence.promise]);
    } finally {
      stop();
      signal.removeEventListener('abort', onAbort);
    }
  }
}

/** How much an event weighs, about: its texts, and something for the rest. */
function unitsOf(event: RunEvent): number {
  if (event.type === 'task.delta') return 200 + event.text.length;
  if (event.type !== 'task.finished') return event.type === 'run.started' ? 1000 * event.plan.tasks.length : 500;
  const { input, output = '', full_output = '', thinking = '', embedding = [] } = event;
  return 1000 + input.length + output.length + full_output.length + thinking.length + 20 * embedding.length;
}
