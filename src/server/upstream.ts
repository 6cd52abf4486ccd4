// In: which model is asked for. Out: the Ollama servers that may answer, and a turn at one of them.
import type { Clock } from '../host/host.ts';
import type { HostAddress } from '../ollama/client.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { Seat, Turns } from '../engine/turns.ts';
import { Turnstile, type MayWait, type TurnstileLimits } from './turnstile.ts';

export interface UpstreamOptions {
  addresses: readonly HostAddress[];
  /** Of one model on one server. */
  limits: TurnstileLimits;
  /** Looks what the servers have. */
  survey: () => Promise<Fleet>;
  clock: Clock;
  /** Shared with the runs, so that nobody swaps another one's model for a single request. */
  turns: Turns;
}

/** What a survey told is taken for true this long. */
const freshMs = 5000;

/** The Ollama servers that get what is passed on. */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #turnstiles = new Map<string, { turnstile: Turnstile; seat: Seat }>();
  readonly #rooms = new Map<string, number>();
  #asked: Promise<Fleet> | undefined;
  #surveyed: { fleet: Promise<Fleet>; at: number } | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /** The servers to try, in this order: those that have the model and the least to do come first, those that are down last. */
  async choose(model: string | undefined): Promise<readonly HostAddress[]> {
    const { addresses } = this.#options;
    if (addresses.length < 2) return addresses;
    const { hosts } = await this.#look();
    const rank = ({ url }: HostAddress): number => {
      const found = hosts.find((host) => host.url === url);
      if (!found || found.problem) return Infinity;
      if (model === undefined) return 0;
      const wanted = normalizeModelName(model);
      return found.models.some(({ name }) => name === wanted) ? this.#loadOf(url, model) : 1e9;
    };
    const ranked = addresses.map((address) => ({ address, rank: rank(address) }));
    return ranked.sort((a, b) => compare(a.rank, b.rank)).map(({ address }) => address);
  }

  /** Requests for a model, on all servers. */
  get counts(): { running: number; waiting: number } {
    const all = [...this.#turnstiles.values()].map(({ turnstile }) => turnstile);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
    return { running: sum(all.map(({ inside }) => inside)), waiting: sum(all.map(({ waiting }) => waiting)) };
  }

  /** A server turned out to be gone: it is looked at again before it is chosen. */
  noteLost(): void {
    this.#surveyed = undefined;
  }

  /** Resolves when it is the client's turn with a model on a server, to what ends the turn. */
  async enter(
    { url, model, client }: { url: string; model: string; client: string },
    signal: AbortSignal,
    mayWait?: MayWait,
  ): Promise<() => void> {
    const key = keyOf(url, model);
    const { turnstile, seat } = this.#turnstiles.get(key) ?? this.#open(url, model);
    this.#turnstiles.set(key, { turnstile, seat });
    const forget = (): void => {
      const isUsed = turnstile.inside + turnstile.waiting > 0;
      if (isUsed || this.#turnstiles.get(key)?.turnstile !== turnstile) return;
      this.#turnstiles.delete(key);
      seat.leave();
    };
    try {
      const leave = await turnstile.enter(client, signal, mayWait);
      return () => {
        leave();
        forget();
      };
    } catch (error) {
      forget();
      throw error;
    }
  }

  #open(url: string, model: string): { turnstile: Turnstile; seat: Seat } {
    // As a run has it that asks for no load options.
    const place = { host: url, key: `${normalizeModelName(model)}\n` };
    const seat = this.#options.turns.join(() => turnstile.admit());
    const turnstile: Turnstile = new Turnstile(this.#options.limits, {
      mayStart: () => seat.mayStart(place),
      start: () => seat.start(place, 1),
      end: () => seat.end(place),
      want: (waiting) => {
        seat.want(place, waiting, this.#rooms.get(url));
        if (waiting === 0) return;
        void this.#learnRoom(url).then((room) => {
          if (turnstile.waitingForTurn > 0) seat.want(place, turnstile.waitingForTurn, room);
        });
      },
    });
    return { turnstile, seat };
  }

  /** How many models a server holds at once: as many as it holds now. */
  async #learnRoom(url: string): Promise<number | undefined> {
    // Of questions at the same time one will do, but what was told a moment ago may not be true any more.
    this.#asked ??= this.#options.survey().finally(() => (this.#asked = undefined));
    const { hosts } = await this.#asked.catch((): Fleet => ({ hosts: [] }));
    const held = hosts.find((host) => host.url === url)?.models.filter(({ loaded }) => loaded);
    if (held && held.length > 0) this.#rooms.set(url, held.length);
    return this.#rooms.get(url);
  }

  #loadOf(url: string, model: string): number {
    const turnstile = this.#turnstiles.get(keyOf(url, model))?.turnstile;
    return turnstile ? turnstile.inside + turnstile.waiting : 0;
  }

  /** Many may ask at once: the servers are asked once. */
  #look(): Promise<Fleet> {
    const now = this.#options.clock.now();
    if (this.#surveyed && now - this.#surveyed.at < freshMs) return this.#surveyed.fleet;
    const fleet = this.#options.survey();
    const surveyed = { fleet, at: now };
    fleet.catch(() => {
      if (this.#surveyed === surveyed) this.#surveyed = undefined;
    });
    this.#surveyed = surveyed;
    return fleet;
  }
}

function keyOf(url: string, model: string): string {
  return `${url} ${normalizeModelName(model)}`;
}

/** Infinities are as good as each other. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
