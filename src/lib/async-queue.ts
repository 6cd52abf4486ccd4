import { createDeferred, type Deferred } from './deferred.ts';
import { Fifo } from './fifo.ts';

/** Items that come when they come, for one reader who takes them one by one. */
export class AsyncQueue<T> {
  readonly #items = new Fifo<T>();
  #end: { error?: unknown } | undefined;
  #waiting: Deferred<void> | undefined;

  push(item: T): void {
    if (this.#end) return;
    this.#items.push(item);
    this.#waiting?.resolve();
  }

  /** No more items come; with an error the reader gets it after those that are there. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#waiting?.resolve();
  }

  async *read(): AsyncGenerator<T, void> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift() as T;
      if (this.#end && 'error' in this.#end) throw this.#end.error;
      if (this.#end) return;
      this.#waiting = createDeferred();
      await this.#waiting.promise;
      this.#waiting = undefined;
    }
  }
}
