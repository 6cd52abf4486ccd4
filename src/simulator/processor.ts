import type { Clock } from '../host/host.ts';

interface Piece {
  /** Time it would still take if nothing else were computed. */
  leftMs: number;
  onDone: () => void;
}

/** Two prompts at once on one model take less than twice the time of one: each further one costs so much of a whole one. */
const sharingCost = 0.43;

/** Below that a piece of work is done: times since 1970 are not exact. */
const nothingMs = 1e-3;

/** What computes the answers of one loaded model; those that are made at the same time share it. */
export class Processor {
  readonly #clock: Clock;
  readonly #pieces = new Set<Piece>();
  #settledAtMs = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does a piece of work that takes so long alone; returns what stops it. */
  work(ms: number, onDone: () => void): () => void {
    this.#settle();
    const piece: Piece = { leftMs: ms, onDone };
    this.#pieces.add(piece);
    this.#planNext();
    return () => {
      if (!this.#pieces.has(piece)) return;
      this.#settle();
      this.#pieces.delete(piece);
      this.#planNext();
    };
  }

  /** Ends everything; nothing of it is ever done. */
  kill(): void {
    this.#pieces.clear();
    this.#cancelTimer();
  }

  get #speed(): number {
    return 1 / (1 + (this.#pieces.size - 1) * sharingCost);
  }

  #settle(): void {
    const nowMs = this.#clock.now();
    const doneMs = (nowMs - this.#settledAtMs) * this.#speed;
    for (const piece of this.#pieces) piece.leftMs -= doneMs;
    this.#settledAtMs = nowMs;
  }

  #planNext(): void {
    this.#cancelTimer();
    let leastMs = Infinity;
    for (const { leftMs } of this.#pieces) leastMs = Math.min(leastMs, leftMs);
    if (leastMs < Infinity) this.#cancelTimer = this.#clock.after(leastMs / this.#speed, () => this.#finish());
  }

  #finish(): void {
    this.#settle();
    const done = [...this.#pieces].filter(({ leftMs }) => leftMs <= nothingMs);
    for (const piece of done) this.#pieces.delete(piece);
    this.#planNext();
    for (const { onDone } of done) onDone();
  }
}
