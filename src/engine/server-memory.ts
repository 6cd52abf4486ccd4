import { ProblemError } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';
import type { OllamaClient } from '../ollama/client.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { withinTime } from './deadline.ts';
import type { LoadOptions } from './load-options.ts';

/** Longest wait for the list of loaded models. */
const askMs = 5_000;

/** For so long what a server has told holds, unless a load is under way. */
const freshMs = 1_000;

/** A model in memory. */
export interface Held {
  /** Tokens it holds at once, where the server tells. */
  context?: number | undefined;
  /** How our last answer had it loaded; absent when somebody else has loaded it. */
  key?: string | undefined;
}

/** The part of a lane that says what the server is to hold for it. */
export interface Wanted {
  host: string;
  /** The model, however tasks spell it. */
  normalName: string;
  load: LoadOptions;
}

export interface ServerMemoryRun {
  clock: Clock;
  signal: AbortSignal;
  /** A server has told which models it holds, by their full names. */
  onTold: (host: string, models: ReadonlySet<string>) => void;
}

/** What the servers hold in memory, as far as they let us see. */
export class ServerMemory {
  readonly #hosts = new Map<string, Map<string, Held>>();
  readonly #askedAt = new Map<string, number>();
  /** Questions that have not been answered yet. */
  readonly #asking = new Map<string, Promise<void>>();
  /** How many models a server was seen to hold at once since it last drove one out. */
  readonly #room = new Map<string, number>();
  /** Servers that take so long to tell that they are not asked again. */
  readonly #mute = new Set<string>();
  readonly #run: ServerMemoryRun;

  constructor(run: ServerMemoryRun) {
    this.#run = run;
  }

  /** Whether a request would be answered without a load. What others have loaded is taken for what we want, unless it shows. */
  isLoaded(wanted: Wanted): boolean {
    const { load } = wanted;
    const held = this.heldOf(wanted);
    if (!held) return false;
    if (held.key !== undefined) return held.key === load.key;
    return load.numCtx === undefined || held.context === undefined || held.context === load.numCtx;
  }

  /** Tokens the model holds at once, where the server tells; undefined when others may have had it loaded with another num_ctx. */
  contextOf(wanted: Wanted): number | undefined {
    const held = this.heldOf(wanted);
    return held?.key === wanted.load.key || wanted.load.numCtx === undefined ? held?.context : undefined;
  }

  heldOf({ host, normalName }: Pick<Wanted, 'host' | 'normalName'>): Held | undefined {
    return this.#hosts.get(host)?.get(normalName);
  }

  /** The models a server holds, by their normal names. */
  namesOn(host: string): string[] {
    return [...(this.#hosts.get(host)?.keys() ?? [])];
  }

  /** How many models the server has room for, as far as it has shown; at least one. */
  roomOf(host: string): number {
    return this.#room.get(host) ?? 1;
  }

  /** What the server says it holds. */
  note(host: string, models: Iterable<{ name: string; context_length?: number | undefined }>): void {
    const now = new Map<string, Held>();
    for (const { name, context_length: context } of models) {
      const normalName = normalizeModelName(name);
      const known = this.heldOf({ host, normalName });
      now.set(normalName, { context, key: known?.context === context ? known?.key : undefined });
    }
    this.#hosts.set(host, now);
    this.#room.set(host, Math.max(this.roomOf(host), now.size));
    this.#askedAt.set(host, this.#run.clock.now());
    this.#run.onTold(host, new Set(now.keys()));
  }

  /** Whether the server has told a moment ago. */
  isFresh(host: string): boolean {
    return this.#run.clock.now() - (this.#askedAt.get(host) ?? -Infinity) < freshMs;
  }

  /** Asks the server. */
  async ask(client: OllamaClient): Promise<void> {
    const { host } = client;
    const asking = this.#askNow(client);
    this.#asking.set(host, asking);
    await asking;
    if (this.#asking.get(host) === asking) this.#asking.delete(host);
  }

  /** Of questions at the same time one will do. */
  async askOnce(client: OllamaClient): Promise<void> {
    await (this.#asking.get(client.host) ?? this.ask(client));
  }

  /**
   * Asks a server that is answering one of our requests.
   * @param isLoad of what was there before, whether the model had to be loaded for the request
   */
  async askDuringAnswer(client: OllamaClient, wanted: Wanted, isLoad: (now: Held) => boolean): Promise<void> {
    const { host, normalName, load } = wanted;
    const before = this.namesOn(host);
    await this.ask(client);
    const now = { context: this.heldOf(wanted)?.context, key: load.key };
    const held = this.#hosts.get(host) ?? new Map<string, Held>();
    // A server without /api/ps: we only know what just answered.
    this.#hosts.set(host, held.set(normalName, now));
    if (isLoad(now) && before.some((name) => !held.has(name))) this.#room.set(host, held.size);
  }

  /** A server that does not tell is left as it was: its prompts will show what is wrong with it. */
  async #askNow(client: OllamaClient): Promise<void> {
    if (this.#mute.has(client.host)) return;
    try {
      this.note(client.host, await withinTime(askMs, this.#run, (signal) => client.loaded({ signal })));
    } catch (error) {
      if (!(error instanceof ProblemError)) this.#mute.add(client.host);
    }
  }
}

/** A model is loaded anew for another context. Where servers do not show theirs, other options must do. */
export function isReloaded(before: Held, now: Held): boolean {
  if (before.context !== undefined && now.context !== undefined) return before.context !== now.context;
  return before.key !== undefined && before.key !== now.key;
}
