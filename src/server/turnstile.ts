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

/** A turn that others on the same server have to leave to those that enter here. */
export interface TurnOfModel {
  mayStart: () => boolean;
  start: () => void;
  end: () => void;
  /** So many wait now. */
  want: (waiting: number) => void;
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
  #waitingForTurn = 0;
  readonly #limits: TurnstileLimits;
  readonly #turn: TurnOfModel | undefined;
  /** Who waits, in the order in which they came, by client; none is empty. */
  readonly #queues = new Map<string, Set<Waiting>>();

  /** @param turn needed besides a place; those that always may wait have theirs already */
  constructor(limits: TurnstileLimits, turn?: TurnOfModel) {
    this.#limits = limits;
    this.#turn = turn;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Those of them that need a turn, too. */
  get waitingForTurn(): number {
    return this.#waitingForTurn;
  }

  /**
   * Resolves when it is the caller's turn, to what must be called once it is over.
   * @throws ProblemError `queue-full`, or the reason of the signal
   */
  async enter(client: string, signal: AbortSignal, mayWait: MayWait = 'bounded'): Promise<() => void> {
    signal.throwIfAborted();
    const turn = mayWait === 'always' ? undefined : this.#turn;
    if (this.#hasRoomFor(turn)) this.#goIn(turn);
    else await this.#wait({ client, signal, mayWait, turn });
    let isOver = false;
    return () => {
      if (!isOver) this.#leave(turn);
      isOver = true;
    };
  }

  /** Lets in whoever is next, as many as may. */
  admit(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      this.#take(next);
      this.#goIn(next.turn);
      next.called.resolve(undefined);
    }
  }

  #hasRoomFor(turn: TurnOfModel | undefined): boolean {
    return this.#inside < this.#limits.inside && (turn?.mayStart() ?? true);
  }

  #goIn(turn: TurnOfModel | undefined): void {
    this.#inside += 1;
    turn?.start();
  }

  async #wait({ client, signal, mayWait, turn }: Asking): Promise<void> {
    const queue = this.#queues.get(client) ?? new Set();
    if (mayWait === 'bounded') this.#refuse(queue.size);
    const waiting: Waiting = { client, turn, called: createDeferred<undefined>() };
    this.#queues.set(client, queue.add(waiting));
    this.#waiting += 1;
    if (turn) this.#waitingForTurn += 1;
    const giveUp = (): void => {
      // Who has been called already is in, and leaves.
      if (!queue.has(waiting)) return;
      this.#take(waiting);
      this.#tell();
      waiting.called.reject(signal.reason);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#tell();
    try {
      await waiting.called.promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  #refuse(waitingOfClient: number): void {
    const { waiting, perClient = waiting } = this.#limits;
    if (this.#waiting >= waiting) throw queueFull(`${waiting} requests are waiting already`);
    if (waitingOfClient >= perClient) throw queueFull(`${perClient} requests of this client are waiting already`);
  }

  #leave(turn: TurnOfModel | undefined): void {
    this.#inside -= 1;
    turn?.end();
    this.admit();
    this.#tell();
  }

  /** The first that may go in: clients in turn, and of each the one that came first. */
  #next(): Waiting | undefined {
    for (const [client, queue] of this.#queues) {
      for (const waiting of queue) {
        if (!this.#hasRoomFor(waiting.turn)) continue;
        // To the end of the round.
        this.#queues.delete(client);
        this.#queues.set(client, queue);
        return waiting;
      }
    }
    return undefined;
  }

  /** Out of the queue; a client that has nothing waiting is forgotten. */
  #take(waiting: Waiting): void {
    const queue = this.#queues.get(waiting.client);
    queue?.delete(waiting);
    this.#waiting -= 1;
    if (waiting.turn) this.#waitingForTurn -= 1;
    if (queue?.size === 0) this.#queues.delete(waiting.client);
  }

  #tell(): void {
    this.#turn?.want(this.#waitingForTurn);
  }
}

interface Asking {
  client: string;
  signal: AbortSignal;
  mayWait: MayWait;
  turn: TurnOfModel | undefined;
}

interface Waiting extends Pick<Asking, 'client' | 'turn'> {
  called: Deferred<undefined>;
}

function queueFull(message: string): ProblemError {
  return new ProblemError({ code: 'queue-full', message, hint: 'try again later' });
}
