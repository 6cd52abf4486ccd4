import type { LaneView } from './schedule.ts';
import type { Lane } from './queues.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { InFlight } from './in-flight.ts';
import { Speeds, type KnownSpeeds } from './speeds.ts';
import type { Seat } from './turns.ts';
import type { TaskOutcome } from '../tasks/define-task.ts';

/** What there is to learn from a request. */
export interface Measured {
  /** From sending to the last byte. */
  ms: number;
  outcomes: readonly TaskOutcome[];
  /** Whether the model was loaded for it. */
  wasLoad: boolean;
}

/** What the requests of all runs of a process have shown: how fast the servers are, and how many requests pay at once. */
export class Meter {
  readonly #speeds = new Speeds();
  /** By server and what is loaded there. */
  readonly #inFlight = new Map<string, InFlight>();
  /** Most requests of each run that goes on. */
  readonly #caps = new Map<RunMeter, number>();

  /** A run begins: with so many requests under way at most, and what it knows of speeds. */
  join(cap: number, { known = {}, seat }: { known?: KnownSpeeds | undefined; seat?: Seat | undefined } = {}): RunMeter {
    this.#speeds.learn(known);
    const run = new RunMeter({
      speeds: this.#speeds,
      inFlightOf: (lane) => this.#inFlightOf(lane),
      seat,
      onLeave: () => this.#caps.delete(run),
    });
    this.#caps.set(run, cap);
    return run;
  }

  #inFlightOf({ host, key }: Lane): InFlight {
    const place = `${host}\n${key}`;
    const known = this.#inFlight.get(place) ?? new InFlight(() => this.#cap);
    this.#inFlight.set(place, known);
    return known;
  }

  get #cap(): number {
    let sum = 0;
    for (const cap of this.#caps.values()) sum += cap;
    return sum;
  }
}

interface Shared {
  speeds: Speeds;
  inFlightOf: (lane: Lane) => InFlight;
  seat: Seat | undefined;
  onLeave: () => void;
}

/** The part of a run in what is measured. */
export class RunMeter {
  readonly #shared: Shared;
  readonly #inFlight = new Map<Lane, InFlight>();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  look(lane: Lane): Pick<LaneView, 'limit' | 'loadMs' | 'answerMs'> {
    if (lane.normalName === '') return { limit: Infinity, loadMs: 0, answerMs: 1 };
    const { speeds, seat } = this.#shared;
    const { limit } = this.#of(lane);
    return { limit: seat?.share(lane, limit) ?? limit, ...speeds.expect(lane) };
  }

  /** Expected milliseconds of a load. */
  loadMs({ host, model }: { host: string; model: string }): number {
    return this.#shared.speeds.expect({ host, normalName: normalizeModelName(model) }).loadMs;
  }

  noteAnswers(lane: Lane, { ms, outcomes, wasLoad }: Measured): void {
    if (lane.normalName === '' || outcomes.length === 0) return;
    // A server that counts in a time of its own cannot have waited longer than we have.
    const waitedMs = Math.min(ms, (outcomes[0]?.metrics?.load_duration ?? 0) / 1e6);
    const workedMs = ms - waitedMs;
    const { speeds, seat } = this.#shared;
    const underWay = Math.max(1, seat?.underWay(lane) ?? lane.inFlight);
    const answerMs = workedMs / underWay / outcomes.length;
    speeds.note(lane, { answerMs, ...(wasLoad && waitedMs > 0 && { loadMs: waitedMs }) });
    this.#of(lane).noteAnswer({ work: workOf(outcomes), ms: workedMs, underWay });
  }

  /** A model was loaded, for no prompt yet. */
  noteLoad(lane: Lane, ms: number): void {
    this.#shared.speeds.note(lane, { loadMs: ms });
  }

  /** The server had no place for a request. */
  noteRefusal(lane: Lane): void {
    this.#of(lane).noteRefusal();
  }

  /** The run is over. */
  leave(): void {
    this.#shared.onLeave();
  }

  #of(lane: Lane): InFlight {
    const known = this.#inFlight.get(lane) ?? this.#shared.inFlightOf(lane);
    this.#inFlight.set(lane, known);
    return known;
  }
}

function workOf(outcomes: readonly TaskOutcome[]): number {
  const tokens = outcomes.reduce((sum, { metrics }) => sum + (metrics?.eval_count ?? 0), 0);
  return tokens > 0 ? tokens : outcomes.length;
}
