/** A queue that hands out its least item first; equal ones in the order in which they came. */
export class PriorityQueue<T> {
  readonly #rank: (item: T) => number;
  readonly #heap: Entry<T>[] = [];
  #count = 0;

  /** @param rank the lower, the earlier; it must not change while the item is in the queue */
  constructor(rank: (item: T) => number) {
    this.#rank = rank;
  }

  get length(): number {
    return this.#heap.length;
  }

  push(item: T): void {
    this.#heap.push({ item, rank: this.#rank(item), order: this.#count++ });
    this.#rise(this.#heap.length - 1);
  }

  peek(): T | undefined {
    return this.#heap[0]?.item;
  }

  shift(): T | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) return first?.item;
    this.#heap[0] = last;
    this.#sink(0);
    return first.item;
  }

  /** Takes all items out, in no order. */
  clear(): T[] {
    return this.#heap.splice(0).map(({ item }) => item);
  }

  /** In no order. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const { item } of this.#heap) yield item;
  }

  #rise(at: number): void {
    for (let child = at; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfLess(child, parent)) return;
      child = parent;
    }
  }

  #sink(at: number): void {
    for (let parent = at; ;) {
      const left = 2 * parent + 1;
      const [a, b] = [this.#heap[left], this.#heap[left + 1]];
      const least = a && b && isLess(b, a) ? left + 1 : left;
      if (!this.#swapIfLess(least, parent)) return;
      parent = least;
    }
  }

  #swapIfLess(at: number, other: number): boolean {
    const [a, b] = [this.#heap[at], this.#heap[other]];
    if (!a || !b || !isLess(a, b)) return false;
    this.#heap[at] = b;
    this.#heap[other] = a;
    return true;
  }
}

interface Entry<T> {
  item: T;
  rank: number;
  order: number;
}

function isLess(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.order < b.order);
}
