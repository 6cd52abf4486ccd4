/**
 * How the fake server loads models and hands out its slots: room for so many models, one load after another, first come
 * first served, a victim is evicted once its running requests have ended.
 */
export interface SchedulerOptions {
  /** Models that fit into memory at once. */
  room: number;
  /** Requests that one loaded model answers at a time. */
  parallel: number;
  /** Requests that may wait for a model that is not loaded; one more is refused. */
  queue: number;
  /** Takes the time of a load; rejects when the signal aborts. */
  load: (model: string, signal: AbortSignal) => Promise<void>;
  onChange: () => void;
}

export interface Lease {
  /** From the request's arrival to having the model, in ms. */
  waitedMs: number;
  release: () => void;
}

interface Runner {
  numCtx: number;
  /** Requests that were given this model: those running and those waiting for a slot of it. */
  users: number;
  running: number;
  waiters: (() => void)[];
  isLeaving: boolean;
}

interface Pending {
  model: string;
  numCtx: number;
  signal: AbortSignal;
  done: () => void;
  failed: (error: unknown) => void;
}

export class QueueFull extends Error {}

export class Scheduler {
  readonly loads: Record<string, number> = {};
  readonly loaded = new Map<string, Runner>();
  readonly #options: SchedulerOptions;
  readonly #pending: Pending[] = [];
  #isLooping = false;
  #wakeLoop: () => void = () => undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  get totalLoads(): number {
    return Object.values(this.loads).reduce((sum, count) => sum + count, 0);
  }

  async acquire(model: string, numCtx: number, signal: AbortSignal): Promise<Lease> {
    const arrivedAt = performance.now();
    for (;;) {
      if (!this.#isReady(model, numCtx)) await this.#queue(model, numCtx, signal);
      const runner = await this.#takeSlot(model, signal);
      if (runner) return { waitedMs: performance.now() - arrivedAt, release: this.#releaser(model, runner) };
    }
  }

  /** Unloads once idle, as an empty prompt with `keep_alive: 0` does. */
  unload(model: string): void {
    const runner = this.loaded.get(model);
    if (!runner) return;
    runner.isLeaving = true;
    this.#dropIfIdle(model, runner);
  }

  #isReady(model: string, numCtx: number): boolean {
    const runner = this.loaded.get(model);
    return runner !== undefined && runner.numCtx === numCtx && !runner.isLeaving;
  }

  #queue(model: string, numCtx: number, signal: AbortSignal): Promise<void> {
    if (this.#pending.length >= this.#options.queue) throw new QueueFull();
    return new Promise((done, failed) => {
      this.#pending.push({ model, numCtx, signal, done, failed });
      // A request that gave up keeps its place until the loop reaches it; only its own handler is woken.
      signal.addEventListener('abort', () => {
        failed(signal.reason as Error);
        this.#wakeLoop();
      });
      if (!this.#isLooping) void this.#loop();
    });
  }

  /** One pending request after another: make room, load, next. */
  async #loop(): Promise<void> {
    this.#isLooping = true;
    for (let head = this.#pending[0]; head; head = this.#pending[0]) {
      try {
        if (!head.signal.aborted && !this.#isReady(head.model, head.numCtx)) await this.#bringIn(head);
        head.done();
      } catch (error) {
        head.failed(error);
      }
      this.#pending.shift();
      // The request that had the load made takes its slot before the next one may evict the model.
      await new Promise(setImmediate);
    }
    this.#isLooping = false;
  }

  async #bringIn({ model, numCtx, signal }: Pending): Promise<void> {
    const stale = this.loaded.get(model);
    if (stale) await this.#evict(model, stale, signal);
    while (this.loaded.size >= this.#options.room) {
      const idle = [...this.loaded].find(([, runner]) => runner.users === 0);
      const [victim, runner] = idle ?? [...this.loaded][0]!;
      await this.#evict(victim, runner, signal);
    }
    await this.#options.load(model, signal);
    this.loads[model] = (this.loads[model] ?? 0) + 1;
    this.loaded.set(model, { numCtx, users: 0, running: 0, waiters: [], isLeaving: false });
    this.#options.onChange();
  }

  async #evict(model: string, runner: Runner, signal: AbortSignal): Promise<void> {
    while (runner.users > 0) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => (this.#wakeLoop = resolve));
    }
    signal.throwIfAborted();
    if (this.loaded.get(model) === runner) this.loaded.delete(model);
    this.#options.onChange();
  }

  /** Undefined when the model has gone between its load and now. */
  async #takeSlot(model: string, signal: AbortSignal): Promise<Runner | undefined> {
    const runner = this.loaded.get(model);
    if (!runner) return undefined;
    runner.users += 1;
    while (runner.running >= this.#options.parallel && !signal.aborted) {
      await new Promise<void>((resolve) => {
        runner.waiters.push(resolve);
        signal.addEventListener('abort', () => resolve());
      });
    }
    if (signal.aborted) this.#leave(model, runner);
    signal.throwIfAborted();
    runner.running += 1;
    return runner;
  }

  #releaser(model: string, runner: Runner): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      runner.running -= 1;
      this.#leave(model, runner);
    };
  }

  #leave(model: string, runner: Runner): void {
    runner.users -= 1;
    // All look again: one of them takes the slot, those that gave up are passed over.
    for (const wake of runner.waiters.splice(0)) wake();
    this.#dropIfIdle(model, runner);
    this.#wakeLoop();
    this.#options.onChange();
  }

  #dropIfIdle(model: string, runner: Runner): void {
    if (!runner.isLeaving || runner.users > 0 || this.loaded.get(model) !== runner) return;
    this.loaded.delete(model);
    this.#options.onChange();
  }
}
