import type { Problem } from '../errors/problem.ts';
import type { Candidate } from '../events/plan-snapshot.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { Availability } from './choose.ts';
import type { Emitter } from './emitter.ts';

/** What the run has learned of its servers: which are down, and which models they turned out not to have. */
export class Hosts implements Availability {
  readonly #down = new Map<string, Problem>();
  readonly #missing = new Map<string, Problem>();
  readonly #emitter: Emitter;

  constructor(emitter: Emitter) {
    this.#emitter = emitter;
  }

  isHostDown(host: string): boolean {
    return this.#down.has(host);
  }

  isModelMissing(candidate: Candidate): boolean {
    return this.#missing.has(keyOf(candidate));
  }

  /** Nothing more is sent there in this run. */
  markDown(host: string, problem: Problem): void {
    if (this.#down.has(host)) return;
    this.#down.set(host, problem);
    this.#emitter.emit({ type: 'host.changed', host, state: 'down', problem });
  }

  markMissing(candidate: Candidate, problem: Problem): void {
    this.#missing.set(keyOf(candidate), problem);
  }

  /** Why a candidate that was good when the plan was made is none any more. */
  problemOf(candidate: Candidate): Problem | undefined {
    return this.#down.get(candidate.host) ?? this.#missing.get(keyOf(candidate));
  }
}

function keyOf({ host, model }: Candidate): string {
  return `${host}\n${normalizeModelName(model)}`;
}
