import type { Problem } from '../errors/problem.ts';
import type { Candidate } from '../events/plan-snapshot.ts';
import type { Warning } from '../events/run-document.ts';
import type { Clock } from '../host/host.ts';
import type { OllamaClient } from '../ollama/client.ts';
import { modelKey } from '../plan/model-facts.ts';
import { Breaker } from './breaker.ts';
import type { Availability } from './choose.ts';
import type { Emitter } from './emitter.ts';
import { probe } from './probe.ts';

export interface HostsRun {
  clients: ReadonlyMap<string, OllamaClient>;
  clock: Clock;
  signal: AbortSignal;
  emitter: Emitter;
  /** Tasks that wait may have to go elsewhere now. */
  onChange: () => void;
}

/** What the run has learned of its servers: which do not answer now, and which models they turned out not to have. */
export class Hosts implements Availability {
  readonly #breakers = new Map<string, Breaker>();
  readonly #missing = new Map<string, Problem>();
  readonly #run: HostsRun;

  constructor(run: HostsRun) {
    this.#run = run;
  }

  isDown(host: string): boolean {
    return this.#breakers.get(host)?.state === 'down';
  }

  isResting(host: string): boolean {
    return this.#breakers.get(host)?.state === 'resting';
  }

  isModelMissing(candidate: Candidate): boolean {
    return this.#missing.has(modelKey(candidate));
  }

  /** Nothing is sent there until it has shown that it is back. */
  rest(host: string, problem: Problem): void {
    this.#breakerOf(host).trip(problem);
  }

  /** Tasks that can go nowhere else fail. */
  giveUp(host: string, problem: Problem): void {
    this.#breakerOf(host).giveUp(problem);
  }

  markMissing(candidate: Candidate, problem: Problem): void {
    this.#missing.set(modelKey(candidate), problem);
    this.#run.onChange();
  }

  /** The run is over. */
  close(): void {
    for (const breaker of this.#breakers.values()) breaker.close();
  }

  /** Why none of the candidates of a plan is good any more. */
  whyNone([first]: readonly Candidate[]): Problem {
    const problem = first && this.#problemOf(first);
    return problem ?? { code: 'internal', message: 'a task was planned without a model' };
  }

  /** The candidate, with the reason why it is not the first one of the plan. */
  explain(candidate: Candidate, [first]: readonly Candidate[]): Candidate {
    if (!first || first === candidate) return candidate;
    const reason = this.#problemOf(first)?.message ?? `sooner done than on ${first.host}`;
    return { ...candidate, reasons: [reason, ...candidate.reasons] };
  }

  /** What the user is told when a task cannot go to the first candidate of its plan. */
  fallbackWarning(candidate: Candidate, [first]: readonly Candidate[]): Warning | undefined {
    const problem = first && first !== candidate ? this.#problemOf(first) : undefined;
    if (!problem) return undefined;
    const message = `${problem.message}; ${candidate.model} on ${candidate.host} takes its place`;
    return { code: 'model-fallback', message };
  }

  #problemOf(candidate: Candidate): Problem | undefined {
    return this.#breakers.get(candidate.host)?.problem ?? this.#missing.get(modelKey(candidate));
  }

  #breakerOf(host: string): Breaker {
    const { clients, clock, emitter, onChange, signal } = this.#run;
    const known = this.#breakers.get(host);
    if (known) return known;
    const breaker = new Breaker({
      clock,
      probe: async () => {
        const client = clients.get(host);
        if (client) await probe(client, { clock, signal });
      },
      onChange: (state, problem) => {
        emitter.emit({ type: 'host.changed', host, state, ...(problem && { problem }) });
        onChange();
      },
    });
    this.#breakers.set(host, breaker);
    return breaker;
  }
}
