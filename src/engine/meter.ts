import type { LaneView } from './schedule.ts';
import type { Lane } from './queues.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { InFlight } from './in-flight.ts';
import { Speeds, type KnownSpeeds } from './speeds.ts';
import type { TaskOutcome } from '../tasks/define-task.ts';

/** What there is to learn from a request. */
export interface Measured {
  /** From sending to the last byte. */
  ms: number;
  outcomes: readonly TaskOutcome[];
  /** Whether the model was loaded for it. */
  wasLoad: boolean;
}

/** Learns from each request how fast the servers are, and how many requests pay at once. */
export class Meter {
  readonly #speeds: Speeds;
  readonly #inFlight = new Map<Lane, InFlight>();
  readonly #cap: number;

  /** @param cap most requests under way */
  constructor(cap: number, known?: KnownSpeeds) {
    this.#cap = cap;
    this.#speeds = new Speeds(known);
  }

  look(lane: Lane): Pick<LaneView, 'limit' | 'loadMs' | 'answerMs'> {
    if (lane.normalName === '') return { limit: Infinity, loadMs: 0, answerMs: 1 };
    return { limit: this.#of(lane).limit, ...this.#speeds.expect(lane) };
  }

  /** Expected milliseconds of a load. */
  loadMs({ host, model }: { host: string; model: string }): number {
    return this.#speeds.expect({ host, normalName: normalizeModelName(model) }).loadMs;
  }

  noteAnswers(lane: Lane, { ms, outcomes, wasLoad }: Measured): void {
    if (lane.normalName === '' || outcomes.length === 0) return;
    // A server that counts in a time of its own cannot have waited longer than we have.
    const waitedMs = Math.min(ms, (outcomes[0]?.metrics?.load_duration ?? 0) / 1e6);
    const workedMs = ms - waitedMs;
    const answerMs = workedMs / Math.max(1, lane.inFlight) / outcomes.length;
    this.#speeds.note(lane, { answerMs, ...(wasLoad && waitedMs > 0 && { loadMs: waitedMs }) });
    this.#of(lane).noteAnswer({ work: workOf(outcomes), ms: workedMs, underWay: lane.inFlight });
  }

  /** The server had no place for a request. */
  noteRefusal(lane: Lane): void {
    this.#of(lane).noteRefusal();
  }

  #of(lane: Lane): InFlight {
    const known = this.#inFlight.get(lane) ?? new InFlight(this.#cap);
    this.#inFlight.set(lane, known);
    return known;
  }
}

function workOf(outcomes: readonly TaskOutcome[]): number {
  const tokens = outcomes.reduce((sum, { metrics }) => sum + (metrics?.eval_count ?? 0), 0);
  return tokens > 0 ? tokens : outcomes.length;
}
