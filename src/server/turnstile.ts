import { ProblemError } from '../errors/problem.ts';
import { createDeferred, type Deferred } from '../lib/deferred.ts';
import { Fifo } from '../lib/fifo.ts';

export interface TurnstileLimits {
  /** So many may be inside at once. */
  inside: number;
  /** So many may wait. */
  waiting: number;
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
  readonly #queues = new Map<string, Fifo<Deferred<undefined>>>();

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
    if (mayWait === 'bounded' && this.#waiting >= this.#limits.waiting) throw queueFull(this.#limits.waiting);
    const turn = createDeferred<undefined>();
    const queue = this.#queues.get(client) ?? new Fifo<Deferred<undefined>>();
    this.#queues.set(client, queue);
    queue.push(turn);
    this.#waiting += 1;
    // One that gave up stays in its queue, and is passed over: its promise is settled.
    const giveUp = (): void => {
      this.#waiting -= 1;
      gone.add(turn);
      turn.reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Whoever is next goes in for the one that leaves. */
  #leave(): void {
    for (const [client, queue] of this.#queues) {
      const turn = nextIn(queue);
      // To the end of the round; a client that has nothing waiting is forgotten.
      this.#queues.delete(client);
      if (queue.length > 0) this.#queues.set(client, queue);
      if (!turn) continue;
      this.#waiting -= 1;
      turn.resolve(undefined);
      return;
    }
    this.#inside -= 1;
  }
}

const gone = new WeakSet<Deferred<undefined>>();

function nextIn(queue: Fifo<Deferred<undefined>>): Deferred<undefined> | undefined {
  let turn = queue.shift();
  while (turn && gone.has(turn)) turn = queue.shift();
  return turn;
}

function queueFull(waiting: number): ProblemError {
  return new ProblemError({
    code: 'queue-full',
    message: `${waiting} requests are waiting already`,
    hint: 'try again later',
  });
}
