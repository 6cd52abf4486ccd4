/** At first: one works, the next is there when it ends. */
const atFirst = 2;

/** However many slots a server may have. */
export const most = 64;

/** Answers looked at before something follows from them, for each request under way. */
const rounds = 2;

/** After so many looks without a change one more is tried again. */
const patience = 20;

/** By so much a rate must fall for requests to be taken back; less is chance. */
const fall = 0.25;

/** What is to be learned from an answer. */
export interface AnswerSeen {
  /** Tokens, or answers where servers count none. */
  work: number;
  /** From sending to the last byte. */
  ms: number;
  /** How many requests were under way, itself and those of others included. */
  underWay: number;
}

/**
 * How many requests to one model on one server are kept under way. Servers do not tell how many slots they have, and
 * more requests than slots gain nothing: so one more is tried, and kept if more gets done in the same time. A server
 * that refuses, or gets slower, is sent half as many.
 */
export class InFlight {
  readonly #cap: () => number;
  #learned = atFirst;
  /** The most that paid so far, and what got done per millisecond then. */
  #best: { limit: number; rate: number } | undefined;
  #seen = { answers: 0, work: 0, ms: 0 };
  #patience = patience;

  /** @param cap what those that send requests allow now */
  constructor(cap: () => number) {
    this.#cap = cap;
    this.#lookAfresh();
  }

  get limit(): number {
    return Math.min(this.#learned, most, this.#cap());
  }

  noteAnswer({ work, ms, underWay }: AnswerSeen): void {
    // What an idle slot says tells nothing.
    if (underWay < this.limit) return;
    const seen = this.#seen;
    seen.answers += 1;
    // Answers to what was sent under another limit.
    if (seen.answers <= 0) return;
    seen.work += work;
    // As many are under way all the time: what each takes tells how many get done.
    seen.ms += ms / underWay;
    if (seen.answers < rounds * this.limit || seen.ms === 0) return;
    this.#judge(seen.work / seen.ms);
    this.#lookAfresh();
  }

  /** The server refused a request for having too many. */
  noteRefusal(): void {
    this.#halve();
    this.#lookAfresh();
  }

  #judge(rate: number): void {
    const best = this.#best;
    if (!best || rate > best.rate * (1 + rise(best.limit))) {
      this.#best = { limit: this.limit, rate };
      this.#tryOneMore();
    } else if (rate < best.rate * (1 - fall)) {
      this.#halve();
    } else if (this.limit > best.limit) {
      this.#learned = best.limit;
      this.#patience = patience;
    } else if (--this.#patience <= 0) {
      this.#tryOneMore();
    }
  }

  #tryOneMore(): void {
    this.#patience = patience;
    this.#learned = this.limit + 1;
  }

  #halve(): void {
    this.#best = undefined;
    this.#learned = Math.max(1, Math.floor(this.limit / 2));
  }

  #lookAfresh(): void {
    this.#seen = { answers: -this.limit, work: 0, ms: 0 };
  }
}

/** By so much a rate must rise for one more request to pay: where many are under way it cannot rise by much. */
function rise(limit: number): number {
  return Math.min(0.05, 0.4 / limit);
}
