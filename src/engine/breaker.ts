import type { Problem } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';

/** `resting`: it failed, and is asked in a moment whether it is back. `down`: it was asked in vain. */
export type HostState = 'up' | 'resting' | 'down';

export interface BreakerOptions {
  clock: Clock;
  /** Rejects when the server does not answer. */
  probe: () => Promise<unknown>;
  onChange: (state: HostState, problem?: Problem) => void;
}

/** The first rest; each one in vain is followed by one twice as long. */
const firstRestMs = 500;
const longestRestMs = 30_000;

/** So often a server is asked in vain before nothing is expected of it any more. */
const probesUntilDown = 3;

/**
 * A circuit breaker: after a failure nothing is sent to a server until it has answered a question that costs nothing.
 * One that is down is asked on, and used again once it is back.
 */
export class Breaker {
  state: HostState = 'up';
  problem: Problem | undefined;
  readonly #options: BreakerOptions;
  #failures = 0;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** The server has failed. */
  trip(problem: Problem): void {
    if (this.state === 'up') this.#enter('resting', problem);
  }

  /** Nothing is expected of the server any more. */
  giveUp(problem: Problem): void {
    if (this.state !== 'down') this.#enter('down', problem);
  }

  /** Asks no more. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #enter(state: HostState, problem?: Problem): void {
    Object.assign(this, { state, problem });
    if (state !== 'up') this.#rest();
    this.#options.onChange(state, problem);
  }

  #rest(): void {
    if (this.#isClosed || this.#cancel) return;
    const restMs = Math.min(firstRestMs * 2 ** this.#failures, longestRestMs);
    this.#cancel = this.#options.clock.after(restMs, () => void this.#probe());
  }

  async #probe(): Promise<void> {
    const isBack = await this.#options.probe().then(
      () => true,
      () => false,
    );
    this.#cancel = undefined;
    if (this.#isClosed) return;
    this.#failures = isBack ? 0 : this.#failures + 1;
    if (isBack) this.#enter('up');
    else if (this.state === 'resting' && this.#failures >= probesUntilDown) this.#enter('down', this.problem);
    else this.#rest();
  }
}
