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
interface Held {
  /** Tokens it holds at once, where the server tells. */
  context?: number | undefined;
  /** How our last answer had it loaded; absent when somebody else has loaded it. */
  key?: string | undefined;
}

/** The part of a lane that says what the server is to hold for it. */
export interface Wanted {
  host: string;
  model: string;
  load: LoadOptions;
}

/** A turn whose first answer is not there yet. */
interface OpenTurn {
  host: string;
  /** What was in memory when it began. */
  before: Held | undefined;
  /** Whether the server has to load the model for it. */
  isLoad: boolean;
}

/**
 * What the servers hold in memory, as far as they let us see, and how many loads our work caused. A server is asked
 * when a model gets its turn, unless it has just told, and again when its first answer begins: a load may have driven
 * another model out.
 */
export class ModelWatch {
  loads = 0;
  readonly #hosts = new Map<string, Map<string, Held>>();
  readonly #openTurns = new Map<string, OpenTurn>();
  /** Turns whose first answer has been noted. */
  readonly #answered = new Set<string>();
  readonly #askedAt = new Map<string, number>();
  /** Questions that have not been answered yet. */
  readonly #asking = new Map<string, Promise<void>>();
  /** How many models a server was seen to hold at once since it last drove one out. */
  readonly #room = new Map<string, number>();
  /** Servers that take so long to tell that they are not asked again. */
  readonly #mute = new Set<string>();
  readonly #run: { clock: Clock; signal: AbortSignal };

  constructor(run: { clock: Clock; signal: AbortSignal }) {
    this.#run = run;
  }

  /** Whether a request would be answered without a load. What others have loaded is taken for what we want, unless it shows. */
  isLoaded({ host, model, load }: Wanted): boolean {
    const held = this.#heldOf(host, model);
    if (!held) return false;
    if (held.key !== undefined) return held.key === load.key;
    return load.numCtx === undefined || held.context === undefined || held.context === load.numCtx;
  }

  /** Tokens the model holds at once, where the server tells; undefined when others may have had it loaded with another num_ctx. */
  contextOf({ host, model, load }: Wanted): number | undefined {
    const held = this.#heldOf(host, model);
    return held?.key === load.key || load.numCtx === undefined ? held?.context : undefined;
  }

  /** The models a server holds, by their normal names. */
  heldOn(host: string): string[] {
    return [...(this.#hosts.get(host)?.keys() ?? [])];
  }

  /** How many models the server has room for, as far as it has shown; at least one. */
  roomOf(host: string): number {
    return this.#room.get(host) ?? 1;
  }

  /** Whether a turn is over before its time: the model answered, and another load has driven it out since. */
  isLost(lane: Wanted): boolean {
    return this.#answered.has(turnKey(lane.host, lane.model)) && !this.isLoaded(lane);
  }

  /** Asks a server again, because what is known of it may not be true any more. */
  async refresh(client: OllamaClient): Promise<void> {
    await this.#ask(client);
  }

  /** What the server says it holds. */
  note(host: string, models: Iterable<{ name: string; context_length?: number | undefined }>): void {
    const now = new Map<string, Held>();
    for (const { name, context_length: context } of models) {
      const known = this.#heldOf(host, name);
      now.set(normalizeModelName(name), { context, key: known?.context === context ? known?.key : undefined });
    }
    this.#hosts.set(host, now);
    this.#room.set(host, Math.max(this.roomOf(host), now.size));
    this.#askedAt.set(host, this.#run.clock.now());
  }

  /** Before the first request of a turn. */
  async beginTurn(client: OllamaClient, lane: Wanted): Promise<void> {
    const { host, model } = lane;
    this.#answered.delete(turnKey(host, model));
    // Of questions at the same time one will do.
    if (!this.#isFresh(host)) await (this.#asking.get(host) ?? this.#ask(client));
    const turn = turnKey(host, model);
    // A turn that ended without an answer may have loaded the model all the same.
    if (this.#openTurns.has(turn)) return;
    this.#openTurns.set(turn, { host, before: this.#heldOf(host, model), isLoad: !this.isLoaded(lane) });
  }

  /**
   * Once an answer has begun, for which the model must be in memory: the first one of a turn shows whether there was a
   * load, and what that has driven out.
   * @returns whether there was one
   */
  async noteAnswer(client: OllamaClient, lane: Wanted): Promise<boolean> {
    const { host, model, load } = lane;
    const turn = turnKey(host, model);
    const open = this.#openTurns.get(turn);
    // What was sent before its model was driven out had it loaded again.
    if (!open && !this.isLost(lane)) return false;
    this.#openTurns.delete(turn);
    this.#answered.delete(turn);
    const before = open?.before;
    const heldBefore = [...this.#modelsOf(host).keys()];
    await this.#ask(client);
    const context = this.#heldOf(host, model)?.context;
    const isLoad = !before || isReloaded(before, { context, key: load.key });
    if (isLoad) this.loads += 1;
    const held = this.#modelsOf(host);
    // A server without /api/ps: we only know what just answered.
    held.set(normalizeModelName(model), { context, key: load.key });
    this.#answered.add(turn);
    if (isLoad && heldBefore.some((name) => !held.has(name))) this.#room.set(host, held.size);
    return isLoad;
  }

  #isFresh(host: string): boolean {
    const age = this.#run.clock.now() - (this.#askedAt.get(host) ?? -Infinity);
    return age < freshMs && ![...this.#openTurns.values()].some((turn) => turn.host === host && turn.isLoad);
  }

  async #ask(client: OllamaClient): Promise<void> {
    const { host } = client;
    const asking = this.#askNow(client);
    this.#asking.set(host, asking);
    await asking;
    if (this.#asking.get(host) === asking) this.#asking.delete(host);
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

  #heldOf(host: string, model: string): Held | undefined {
    return this.#hosts.get(host)?.get(normalizeModelName(model));
  }

  #modelsOf(host: string): Map<string, Held> {
    const models = this.#hosts.get(host) ?? new Map<string, Held>();
    this.#hosts.set(host, models);
    return models;
  }
}

/** A model is loaded anew for another context. Where servers do not show theirs, other options must do. */
function isReloaded(before: Held, now: Held): boolean {
  if (before.context !== undefined && now.context !== undefined) return before.context !== now.context;
  return before.key !== undefined && before.key !== now.key;
}

function turnKey(host: string, model: string): string {
  return `${host}\n${normalizeModelName(model)}`;
}
