// In: tokens that were wrong. Out: whether more from there are looked at.
import { ProblemError } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';

/** So many different wrong tokens of one address are looked at within a window. */
const maxGuesses = 20;
const windowMs = 60_000;

/** More addresses than this are not remembered; the one that was wrong first is forgotten first. */
const maxAddresses = 10_000;

interface Guesses {
  tokens: Set<string>;
  /** When they are forgotten. */
  endMs: number;
}

/**
 * Slows down who guesses. A program that was given an old token sends the same one over and over: that is one guess, and
 * locks nobody out.
 */
export class WrongTokens {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #byAddress = new Map<string, Guesses>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** @throws ProblemError `token-locked` when there were too many from this address; the right one is not looked at either */
  check(address: string): void {
    const guesses = this.#of(address);
    if (!guesses || guesses.tokens.size < maxGuesses) return;
    const seconds = Math.ceil((guesses.endMs - this.#clock.now()) / 1000);
    throw new ProblemError({
      code: 'token-locked',
      message: `too many wrong tokens came from this address; tokens are looked at again in ${seconds} s`,
    });
  }

  note(address: string, token: string): void {
    const guesses = this.#of(address) ?? { tokens: new Set(), endMs: this.#clock.now() + windowMs };
    guesses.tokens.add(token.slice(0, 256));
    this.#byAddress.set(address, guesses);
    for (const oldest of this.#byAddress.keys()) {
      if (this.#byAddress.size <= maxAddresses) return;
      this.#byAddress.delete(oldest);
    }
  }

  #of(address: string): Guesses | undefined {
    const guesses = this.#byAddress.get(address);
    if (!guesses || this.#clock.now() < guesses.endMs) return guesses;
    this.#byAddress.delete(address);
    return undefined;
  }
}
