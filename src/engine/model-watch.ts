import type { ProblemCode } from '../errors/catalogue.ts';
import type { Clock } from '../host/host.ts';
import type { OllamaClient } from '../ollama/client.ts';
import type { WireMetrics } from '../ollama/wire.ts';
import { LoadCount } from './load-count.ts';
import { isReloaded, ServerMemory, type Held, type Wanted } from './server-memory.ts';

/**
 * With nothing else under way, a request to a loaded model is told to have waited for it for less: a server reads the
 * file of a model before it looks for it, which took 130 ms at most on a slow machine. Loads of the smallest model took 400.
 */
const handlingMs = 250;

/** A turn whose first answer is not there yet. */
interface OpenTurn {
  host: string;
  /** What was in memory when it began. */
  before: Held | undefined;
  /** Whether the server has to load the model for it. */
  isLoad: boolean;
}

/** A request that needs a model in memory, while it is under way. */
export interface Visit {
  readonly client: OllamaClient;
  readonly wanted: Wanted;
  /** Its place among all that was sent and ended. */
  readonly sentNo: number;
  readonly sentAt: number;
  /** Requests to the server that were under way then, itself included. */
  readonly underWay: number;
  /** What was in memory of the model when it was sent, as far as is known. */
  held: Held | undefined;
  /** Whether that will not do. */
  isLoad: boolean;
  /** Set when its answer begins: settles when the server has been looked at, if that is worth it. */
  look?: Promise<void>;
}

/** Failures after which the model may be in memory all the same. */
const mayHaveLoaded = new Set<ProblemCode>([
  'timeout',
  'stalled',
  'model-failed',
  'server-error',
  'stream-broken',
  'stream-incomplete',
  'prompt-too-long',
  'output-invalid',
]);

/**
 * What the servers hold in memory, as far as they let us see, and how many loads our work caused. A server is asked
 * when a model gets its turn, unless it has just told, and again when its first answer begins: a load may have driven
 * another model out. What is driven out meanwhile shows in how long its next request waits.
 */
export class ModelWatch {
  readonly #memory: ServerMemory;
  readonly #count = new LoadCount();
  readonly #openTurns = new Map<string, OpenTurn>();
  /** Turns whose first answer has been noted. */
  readonly #answered = new Set<string>();
  /** By server. */
  readonly #visits = new Map<string, Set<Visit>>();
  readonly #run: { clock: Clock; signal: AbortSignal };
  #no = 0;

  constructor(run: { clock: Clock; signal: AbortSignal }) {
    this.#run = run;
    this.#memory = new ServerMemory({ ...run, onTold: (host, models) => this.#reconsider(host, models) });
  }

  /** Loads our work caused so far. */
  get loads(): number {
    return this.#count.total;
  }

  /** As in {@link ServerMemory.isLoaded}. */
  isLoaded(wanted: Wanted): boolean {
    return this.#memory.isLoaded(wanted);
  }

  /** The models a server holds, by their normal names. */
  heldOn(host: string): string[] {
    return this.#memory.namesOn(host);
  }

  /** As in {@link ServerMemory.contextOf}. */
  contextOf(wanted: Wanted): number | undefined {
    return this.#memory.contextOf(wanted);
  }

  /** As in {@link ServerMemory.roomOf}. */
  roomOf(host: string): number {
    return this.#memory.roomOf(host);
  }

  /** Whether a turn is over before its time: the model answered, and another load has driven it out since. */
  isLost(wanted: Wanted): boolean {
    return this.#answered.has(keyOf(wanted)) && !this.isLoaded(wanted);
  }

  /** Asks a server again, because what is known of it may not be true any more. */
  async refresh(client: OllamaClient): Promise<void> {
    await this.#memory.ask(client);
  }

  /** What the server says it holds. */
  note(host: string, models: Iterable<{ name: string; context_length?: number | undefined }>): void {
    this.#memory.note(host, models);
  }

  /** Before the first request of a turn. */
  async beginTurn(client: OllamaClient, wanted: Wanted): Promise<void> {
    const turn = keyOf(wanted);
    this.#answered.delete(turn);
    const isLoading = [...this.#openTurns.values()].some(({ host, isLoad }) => host === wanted.host && isLoad);
    if (isLoading || !this.#memory.isFresh(wanted.host)) await this.#memory.askOnce(client);
    // A turn that ended without an answer may have loaded the model all the same.
    if (this.#openTurns.has(turn)) return;
    const before = this.#memory.heldOf(wanted);
    this.#openTurns.set(turn, { host: wanted.host, before, isLoad: !this.isLoaded(wanted) });
  }

  /** A request goes out. */
  send(client: OllamaClient, wanted: Wanted): Visit {
    const visits = this.#visits.get(wanted.host) ?? new Set();
    const visit: Visit = {
      ...{ client, wanted, sentNo: ++this.#no, sentAt: this.#run.clock.now() },
      ...{ underWay: visits.size + 1, held: this.#memory.heldOf(wanted), isLoad: !this.isLoaded(wanted) },
    };
    this.#visits.set(wanted.host, visits.add(visit));
    return visit;
  }

  /** Its answer goes on, for which the model must be in memory: the first one of a turn shows what a load has driven out. */
  noteAnswer(visit: Visit): Promise<void> {
    return (visit.look ??= this.#lookAtTurn(visit));
  }

  /**
   * It has been answered, or its answer broke off.
   * @returns whether the model was loaded for it
   */
  async noteEnd(visit: Visit, endedAt: number, metrics: WireMetrics = {}): Promise<boolean> {
    await this.noteAnswer(visit);
    const hadItAt = hadItAfter(visit.sentAt, endedAt, metrics);
    const waitedMs = hadItAt - visit.sentAt;
    const hasWaited =
      metrics.load_duration === undefined ? undefined : waitedMs > handlingMs * Math.max(1, visit.underWay / 2);
    const isLoad = this.#see(visit, { endedAt, hadItAt, hasWaited });
    // Nobody knew that its model had been driven out, nor what that drives out in its turn.
    if (isLoad && visit.held && !this.#run.signal.aborted) await this.#look(visit, undefined);
    return isLoad;
  }

  /**
   * A request goes out that only has a model loaded.
   * @param send resolves to whether it was answered
   * @returns milliseconds of the load, where there was one
   */
  async throughLoad(client: OllamaClient, wanted: Wanted, send: () => Promise<boolean>): Promise<number | undefined> {
    const visit = this.send(client, wanted);
    if (!(await send())) {
      this.leave(visit);
      return undefined;
    }
    const endedAt = this.#run.clock.now();
    return (await this.noteEnd(visit, endedAt)) ? endedAt - visit.sentAt : undefined;
  }

  /** It has failed before an answer began. */
  async noteFailure(visit: Visit, code: ProblemCode): Promise<void> {
    this.leave(visit);
    if (!visit.isLoad || !mayHaveLoaded.has(code) || this.#run.signal.aborted) return;
    await this.#memory.ask(visit.client);
    const now = this.#run.clock.now();
    if (this.#memory.heldOf(visit.wanted)) this.#see(visit, { endedAt: now, hadItAt: now, hasWaited: undefined });
  }

  /** It is over, and had nothing loaded. */
  leave(visit: Visit): void {
    this.#visits.get(visit.wanted.host)?.delete(visit);
  }

  #see(visit: Visit, seen: { endedAt: number; hadItAt: number; hasWaited: boolean | undefined }): boolean {
    this.leave(visit);
    const { wanted, sentNo, held } = visit;
    const loadedAs: Held = { context: this.#memory.heldOf(wanted)?.context, key: wanted.load.key };
    return this.#count.see({
      ...{ host: wanted.host, model: wanted.normalName, sentNo, endedNo: ++this.#no, ...seen },
      loadedAs,
      wasThere: held !== undefined && !isReloaded(held, loadedAs),
    });
  }

  async #lookAtTurn(visit: Visit): Promise<void> {
    const open = this.#openTurns.get(keyOf(visit.wanted));
    // What was sent before its model was driven out had it loaded again.
    if (open || this.isLost(visit.wanted)) await this.#look(visit, open?.before);
  }

  /** Asks while the server answers: nobody has to wait for that. */
  async #look({ client, wanted }: Visit, before: Held | undefined): Promise<void> {
    const turn = keyOf(wanted);
    this.#openTurns.delete(turn);
    this.#answered.delete(turn);
    await this.#memory.askDuringAnswer(client, wanted, (now) => !before || isReloaded(before, now));
    this.#answered.add(turn);
  }

  /** What waits for a model that is not there will have it loaded, whatever was there when it was sent. */
  #reconsider(host: string, models: ReadonlySet<string>): void {
    for (const visit of this.#visits.get(host) ?? []) {
      if (visit.look || models.has(visit.wanted.normalName)) continue;
      Object.assign(visit, { held: undefined, isLoad: true });
    }
  }
}

/**
 * The moment a request had its model, on our clock: servers tell which part of their time went before, and the time of a
 * simulated one need not be ours.
 */
function hadItAfter(sentAt: number, endedAt: number, { total_duration, load_duration }: WireMetrics): number {
  if (load_duration === undefined) return endedAt;
  if (total_duration === undefined) return Math.min(endedAt, sentAt + load_duration / 1e6);
  return sentAt + (endedAt - sentAt) * Math.min(1, load_duration / Math.max(1, total_duration));
}

function keyOf({ host, normalName }: Wanted): string {
  return `${host}\n${normalName}`;
}
