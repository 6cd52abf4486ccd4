/** A queue that hands out its least item first; equal ones in the order in which they came. */
export class PriorityQueue<T> {
  readonly #isBefore: (a: T, b: T) => boolean;
  readonly #heap: { item: T; order: number }[] = [];
  #count = 0;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get length(): number {
    return this.#heap.length;
  }

  push(item: T): void {
    this.#heap.push({ item, order: this.#count++ });
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
      const least = this.#isLess(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfLess(least, parent)) return;
      parent = least;
    }
  }

  #swapIfLess(at: number, other: number): boolean {
    const [a, b] = [this.#heap[at], this.#heap[other]];
    if (!a || !b || !this.#isLess(at, other)) return false;
    this.#heap[at] = b;
    this.#heap[other] = a;
    return true;
  }

  #isLess(at: number, other: number): boolean {
    const [a, b] = [this.#heap[at], this.#heap[other]];
    if (!a || !b) return false;
    if (this.#isBefore(a.item, b.item)) return true;
    return !this.#isBefore(b.item, a.item) && a.order < b.order;
  }
}
