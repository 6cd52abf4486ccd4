import type { Metrics, Totals } from '../events/run-document.ts';
import { formatGoDuration } from '../lib/go-duration.ts';
import type { EndStatus } from './task-node.ts';

/** Counts what ended, for the totals of the run. */
export class Tally {
  /** Tokens used since this part of the run began. */
  spent = 0;
  readonly #startedAt: number;
  readonly #counts: Record<EndStatus, number> = { completed: 0, failed: 0, skipped: 0, cancelled: 0, reused: 0 };
  #promptTokens = 0;
  #outputTokens = 0;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** A task of the plan has ended. */
  count(status: EndStatus): void {
    this.#counts[status] += 1;
  }

  /** What a task cost in this part of the run. */
  addCost(metrics: Metrics | undefined): void {
    this.addEarlierCost(metrics);
    this.spent += (metrics?.prompt_tokens ?? 0) + (metrics?.output_tokens ?? 0);
  }

  /** What a task cost in an earlier part of the run. */
  addEarlierCost(metrics: Metrics | undefined): void {
    this.#promptTokens += metrics?.prompt_tokens ?? 0;
    this.#outputTokens += metrics?.output_tokens ?? 0;
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
