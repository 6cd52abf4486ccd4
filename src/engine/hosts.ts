import type { Problem } from '../errors/problem.ts';
import type { Candidate } from '../events/plan-snapshot.ts';
import type { Warning } from '../events/run-document.ts';
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

  /** Why none of the candidates of a plan is good any more. */
  whyNone([first]: readonly Candidate[]): Problem {
    const problem = first && this.#problemOf(first);
    return problem ?? { code: 'internal', message: 'a task was planned without a model' };
  }

  /** The candidate, with the reason why it is not the first one of the plan. */
  explain(candidate: Candidate, [first]: readonly Candidate[]): Candidate {
    const problem = first && first !== candidate ? this.#problemOf(first) : undefined;
    return problem ? { ...candidate, reasons: [problem.message, ...candidate.reasons] } : candidate;
  }

  /** What the user is told when a task does not go to the first candidate of its plan. */
  fallbackWarning(candidate: Candidate, [first]: readonly Candidate[]): Warning | undefined {
    const problem = first && first !== candidate ? this.#problemOf(first) : undefined;
    if (!problem) return undefined;
    const message = `${problem.message}; ${candidate.model} on ${candidate.host} takes its place`;
    return { code: 'model-fallback', message };
  }

  #problemOf(candidate: Candidate): Problem | undefined {
    return this.#down.get(candidate.host) ?? this.#missing.get(keyOf(candidate));
  }
}

function keyOf({ host, model }: Candidate): string {
  return `${host}\n${normalizeModelName(model)}`;
}
