import type { Metrics, TaskStatus, Totals } from '../events/run-document.ts';
import { formatGoDuration } from '../lib/go-duration.ts';

type EndStatus = Exclude<TaskStatus, 'pending' | 'running'>;

/** Counts what ended, for the totals of the run. */
export class Tally {
  readonly #startedAt: number;
  readonly #counts: Record<EndStatus, number> = { completed: 0, failed: 0, skipped: 0, cancelled: 0, reused: 0 };
  #promptTokens = 0;
  #outputTokens = 0;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  add(status: EndStatus, metrics: Metrics | undefined): void {
    this.#counts[status] += 1;
    this.#promptTokens += metrics?.prompt_tokens ?? 0;
    this.#outputTokens += metrics?.output_tokens ?? 0;
  }

  count(status: EndStatus): number {
    return this.#counts[status];
  }

  totals(model_loads: number, now: number): Totals {
    const total_ns = Math.max(0, Math.round((now - this.#startedAt) * 1e6));
    return {
      tasks: Object.values(this.#counts).reduce((sum, count) => sum + count, 0),
      ...this.#counts,
      model_loads,
      prompt_tokens: this.#promptTokens,
      output_tokens: this.#outputTokens,
      duration: formatGoDuration(total_ns),
      total_ns,
    };
  }
}
