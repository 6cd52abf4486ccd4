/** A queue that gives its items in the order of a comparison, whatever the order in which they came. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  /** @param compare below 0 when the first comes before the second; two items must not be equal */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    for (let up = (at - 1) >> 1; at > 0 && this.#isBefore(item, items[up]); up = (at - 1) >> 1) {
      items[at] = items[up] as T;
      at = up;
    }
    items[at] = item;
  }

  shift(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) this.#sink(last as T);
    return first;
  }

  /** Takes all items out, in no order. */
  clear(): T[] {
    return this.#items.splice(0);
  }

  /** In no order. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#items[Symbol.iterator]();
  }

  /** Puts an item in the place of the first one, and down to where it belongs. */
  #sink(item: T): void {
    const items = this.#items;
    let at = 0;
    for (let down = 1; down < items.length; down = 2 * at + 1) {
      if (down + 1 < items.length && this.#isBefore(items[down + 1] as T, items[down])) down += 1;
      if (!this.#isBefore(items[down] as T, item)) break;
      items[at] = items[down] as T;
      at = down;
    }
    items[at] = item;
  }

  #isBefore(item: T, other: T | undefined): boolean {
    return this.#compare(item, other as T) < 0;
  }
}
