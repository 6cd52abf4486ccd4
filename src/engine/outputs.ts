import type { TaskNode } from './task-node.ts';

/** Outputs of finished tasks, kept while a dependent still needs them: a long run must not hold all of its texts. */
export class Outputs {
  readonly #texts = new Map<string, { text: string; readers: number }>();

  keep(node: TaskNode, text: string): void {
    if (node.dependents.length > 0) this.#texts.set(node.name, { text, readers: node.dependents.length });
  }

  textOf(name: string): string {
    return this.#texts.get(name)?.text ?? '';
  }

  /** A task has ended: it will not read what it needs again. */
  release(node: TaskNode): void {
    for (const need of node.plan.needs) {
      const kept = this.#texts.get(need);
      if (kept && --kept.readers === 0) this.#texts.delete(need);
    }
  }
}
