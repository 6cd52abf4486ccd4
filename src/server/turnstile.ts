import { ProblemError } from '../errors/problem.ts';
import { createDeferred, type Deferred } from '../lib/deferred.ts';

export interface TurnstileLimits {
  /** So many may be inside at once. */
  inside: number;
  /** So many may wait. */
  waiting: number;
  /** So many of one client's; default: as many as may wait. */
  perClient?: number | undefined;
}

/** Whether one more may wait when as many wait as may. */
export type MayWait = 'bounded' | 'always';

/**
 * Lets a limited number in at once. The others wait, and clients take turns: who sends a thousand requests waits behind
 * none of another client's but the one before it.
 */
export class Turnstile {
  #inside = 0;
  #waiting = 0;
  readonly #limits: TurnstileLimits;
  /** Who waits, in the order in which they came, by client; none is empty. */
  readonly #queues = new Map<string, Set<Deferred<undefined>>>();

  constructor(limits: TurnstileLimits) {
    this.#limits = limits;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Resolves when it is the caller's turn, to what must be called once it is over.
   * @throws ProblemError `queue-full`, or the reason of the signal
   */
  async enter(client: string, signal: AbortSignal, mayWait: MayWait = 'bounded'): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#inside < this.#limits.inside) this.#inside += 1;
    else await this.#wait(client, signal, mayWait);
    let isOver = false;
    return () => {
      if (!isOver) this.#leave();
      isOver = true;
    };
  }

  async #wait(client: string, signal: AbortSignal, mayWait: MayWait): Promise<void> {
    const queue = this.#queues.get(client) ?? new Set();
    if (mayWait === 'bounded') this.#refuse(queue.size);
    const turn = createDeferred<undefined>();
    this.#queues.set(client, queue.add(turn));
    this.#waiting += 1;
    const giveUp = (): void => {
      // Whose turn it is already is in, and leaves.
      if (!queue.has(turn)) return;
      this.#take(client, queue, turn);
      turn.reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  #refuse(waitingOfClient: number): void {
    const { waiting, perClient = waiting } = this.#limits;
    if (this.#waiting >= waiting) throw queueFull(`${waiting} requests are waiting already`);
    if (waitingOfClient >= perClient) throw queueFull(`${perClient} requests of this client are waiting already`);
  }

  /** Whoever is next goes in for the one that leaves. */
  #leave(): void {
    for (const [client, queue] of this.#queues) {
      // To the end of the round.
      this.#queues.delete(client);
      this.#queues.set(client, queue);
      for (const turn of queue) {
        this.#take(client, queue, turn);
        turn.resolve(undefined);
        return;
      }
    }
    this.#inside -= 1;
  }

  /** Out of the queue; a client that has nothing waiting is forgotten. */
  #take(client: string, queue: Set<Deferred<undefined>>, turn: Deferred<undefined>): void {
    queue.delete(turn);
    this.#waiting -= 1;
    if (queue.size === 0) this.#queues.delete(client);
  }
}

function queueFull(message: string): ProblemError {
  return new ProblemError({ code: 'queue-full', message, hint: 'try again later' });
}
