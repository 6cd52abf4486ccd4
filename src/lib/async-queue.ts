import { createDeferred, type Deferred } from './deferred.ts';
import { Fifo } from './fifo.ts';

/** Items that come when they come, for one reader. */
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

  /** All that is there, each time something is. */
  async *read(): AsyncGenerator<T[], void> {
    for (;;) {
      const items: T[] = [];
      while (this.#items.length > 0) items.push(this.#items.shift() as T);
      if (items.length > 0) {
        yield items;
        continue;
      }
      if (this.#end && 'error' in this.#end) throw this.#end.error;
      if (this.#end) return;
      this.#waiting = createDeferred();
      await this.#waiting.promise;
      this.#waiting = undefined;
    }
  }
}
