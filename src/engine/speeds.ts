import type { Place } from './batch.ts';

/** How long things take with a model on a server, in milliseconds. */
export interface Speed {
  /** A load. */
  loadMs?: number | undefined;
  /** From one answer to the next while the server is kept busy. */
  answerMs?: number | undefined;
}

/** What is known of speeds when a run begins, by {@link modelKey}. */
export interface KnownSpeeds {
  /** In earlier runs. */
  measured?: ReadonlyMap<string, Speed> | undefined;
  /** From the sizes of the models. */
  sketched?: ReadonlyMap<string, Speed> | undefined;
}

/** What is taken for true of a model nobody has used yet. */
const guess = { loadMs: 10_000, answerMs: 2_000 };

/** The weight of the last measurement: a few of them change the picture, one does not. */
const weight = 0.3;

/** Nothing takes no time. */
const leastMs = 0.01;

/**
 * What loads and answers are expected to take: as measured there in this run, else there before, else on another server,
 * else as the size of the model says.
 */
export class Speeds {
  readonly #measured = new Map<string, Speed>();
  /** Of a model, wherever it was measured last. */
  readonly #elsewhere = new Map<string, Speed>();
  readonly #sketched = new Map<string, Speed>();

  constructor(known: KnownSpeeds = {}) {
    this.learn(known);
  }

  /** What a run knows when it begins; what was measured since says more. */
  learn({ measured = new Map(), sketched = new Map() }: KnownSpeeds): void {
    for (const [key, speed] of sketched) this.#sketched.set(key, speed);
    for (const [key, speed] of measured) {
      const model = key.slice(key.indexOf('\n') + 1);
      const known = merge(this.#measured.get(key), atLeast(speed));
      this.#measured.set(key, known);
      this.#elsewhere.set(model, merge(this.#elsewhere.get(model), known));
    }
  }

  expect(place: Place): Required<{ [K in keyof Speed]: number }> {
    const here = this.#measured.get(keyOf(place));
    const elsewhere = this.#elsewhere.get(place.normalName);
    const sketched = this.#sketched.get(keyOf(place));
    return {
      loadMs: here?.loadMs ?? elsewhere?.loadMs ?? sketched?.loadMs ?? guess.loadMs,
      answerMs: here?.answerMs ?? elsewhere?.answerMs ?? sketched?.answerMs ?? guess.answerMs,
    };
  }

  note(place: Place, measured: Speed): void {
    const known = this.#measured.get(keyOf(place));
    const now = {
      loadMs: average(known?.loadMs, measured.loadMs),
      answerMs: average(known?.answerMs, measured.answerMs),
    };
    this.#measured.set(keyOf(place), now);
    this.#elsewhere.set(place.normalName, merge(now, this.#elsewhere.get(place.normalName)));
  }
}

function atLeast({ loadMs, answerMs }: Speed): Speed {
  return { loadMs: average(undefined, loadMs), answerMs: average(undefined, answerMs) };
}

function merge(first: Speed | undefined, second: Speed | undefined): Speed {
  return { loadMs: first?.loadMs ?? second?.loadMs, answerMs: first?.answerMs ?? second?.answerMs };
}

function average(known: number | undefined, measured: number | undefined): number | undefined {
  if (measured === undefined) return known;
  const ms = Math.max(leastMs, measured);
  return known === undefined ? ms : known + weight * (ms - known);
}

function keyOf({ host, normalName }: Place): string {
  return `${host}\n${normalName}`;
}
