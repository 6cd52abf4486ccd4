import type { Clock } from '../host/host.ts';
import { PriorityQueue } from '../lib/priority-queue.ts';

interface Piece {
  /** The share at which it is done. */
  doneAtMs: number;
  onDone: () => void;
  isStopped: boolean;
}

/** How quick each of so many pieces of work is, where 1 is the speed of one that is alone. */
export type Sharing = (count: number) => number;

/** Cores: as many pieces as there are, each as quick as if it were alone. */
export const onCores =
  (cores: number): Sharing =>
  (count) =>
    Math.min(1, cores / count);

/** One model: two answers at once take less than twice the time of one, each further one costs so much of a whole one. */
export const onModel: Sharing = (count) => 1 / (1 + (count - 1) * 0.43);

/** Below that a piece of work is done: times since 1970 are not exact. */
const nothingMs = 1e-3;

/** What computes several things at once, in equal shares. */
export class Processor {
  readonly #clock: Clock;
  readonly #sharing: Sharing;
  readonly #pieces = new PriorityQueue<Piece>((a, b) => a.doneAtMs < b.doneAtMs);
  #count = 0;
  /** Work that each piece would have had done that was there from the beginning. */
  #shareMs = 0;
  #settledAtMs = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(clock: Clock, sharing: Sharing) {
    this.#clock = clock;
    this.#sharing = sharing;
  }

  /** Does a piece of work that takes so long alone; returns what stops it. */
  work(ms: number, onDone: () => void): () => void {
    this.#settle();
    const piece: Piece = { doneAtMs: this.#shareMs + ms, onDone, isStopped: false };
    this.#pieces.push(piece);
    this.#count += 1;
    this.#planNext();
    return () => {
      if (piece.isStopped) return;
      this.#settle();
      this.#remove(piece);
      this.#planNext();
    };
  }

  /** Ends everything; nothing of it is ever done. */
  kill(): void {
    while (this.#pieces.length > 0) this.#pieces.shift();
    this.#count = 0;
    this.#cancelTimer();
  }

  #remove(piece: Piece): void {
    piece.isStopped = true;
    this.#count -= 1;
  }

  #settle(): void {
    const nowMs = this.#clock.now();
    if (this.#count > 0) this.#shareMs += (nowMs - this.#settledAtMs) * this.#sharing(this.#count);
    this.#settledAtMs = nowMs;
  }

  #planNext(): void {
    this.#cancelTimer();
    const next = this.#first();
    if (!next) return;
    const delayMs = (next.doneAtMs - this.#shareMs) / this.#sharing(this.#count);
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#finish());
  }

  #first(): Piece | undefined {
    while (this.#pieces.peek()?.isStopped) this.#pieces.shift();
    return this.#pieces.peek();
  }

  #finish(): void {
    this.#settle();
    const done: Piece[] = [];
    for (let next = this.#first(); next && next.doneAtMs <= this.#shareMs + nothingMs; next = this.#first()) {
      this.#pieces.shift();
      this.#remove(next);
      done.push(next);
    }
    this.#planNext();
    for (const { onDone } of done) onDone();
  }
}
