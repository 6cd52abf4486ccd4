import { most } from './in-flight.ts';

/** What is loaded for a task: a server, and a model in one of the ways it can be loaded. */
export interface LoadedPlace {
  readonly host: string;
  /** The same for all that can share a load. */
  readonly key: string;
}

/** One of those that share the servers: a run, or a request from elsewhere. */
export interface Seat {
  /**
   * Tells how many tasks wait for a place; the seat is called when it may start some.
   * @param room how many models the server holds at once; absent: not known
   */
  want: (place: LoadedPlace, waiting: number, room?: number) => void;
  /** Whether nobody else has work for the server. */
  isAlone: (host: string) => boolean;
  /** Whether a task may start there, as far as the others are concerned. */
  mayStart: (place: LoadedPlace) => boolean;
  /**
   * How many of the requests that a model takes at once the seat may have under way: others that have work for it get
   * their part, and nobody is left with nothing while fewer than {@link most} are under way. Then it is called when one ends.
   */
  share: (place: LoadedPlace, limit: number) => number;
  /** How many requests are under way there, those of others included. */
  underWay: (place: LoadedPlace) => number;
  /** A request starts, for so many tasks. */
  start: (place: LoadedPlace, tasks: number) => void;
  /** A request has ended. */
  end: (place: LoadedPlace) => void;
  leave: () => void;
}

/**
 * Turns on the servers that several runs share. While only one of them has work for a server nothing is in its way. Else
 * each model has its turn: it serves what waited when the turn began, then the model whose oldest task has waited longest
 * takes over. So nobody waits for more turns than there are other models, and models are not swapped for single tasks.
 */
export class Turns {
  readonly #hosts = new Map<string, HostTurns>();

  /** @param onTurn called when tasks may start that could not before */
  join(onTurn: () => void): Seat {
    const seat: SeatKey = { onTurn };
    return {
      want: ({ host, key }, waiting, room) => this.#of(host).want(seat, key, { waiting, room }),
      isAlone: (host) => !this.#of(host).hasOthers(seat),
      mayStart: ({ host, key }) => this.#of(host).mayStart(seat, key),
      share: ({ host, key }, limit) => this.#of(host).share(seat, key, limit),
      underWay: ({ host, key }) => this.#of(host).underWay(key),
      start: ({ host, key }, tasks) => this.#of(host).start(seat, key, tasks),
      end: ({ host, key }) => this.#of(host).end(seat, key),
      leave: () => {
        for (const host of this.#hosts.values()) host.leave(seat);
      },
    };
  }

  #of(host: string): HostTurns {
    const known = this.#hosts.get(host) ?? new HostTurns();
    this.#hosts.set(host, known);
    return known;
  }
}

interface SeatKey {
  onTurn: () => void;
}

/** What one seat has to do with one place. */
interface Stake {
  waiting: number;
  inFlight: number;
  /** While the place has its turn: tasks that may still start in it. */
  quota: number;
  /** When the first of the tasks came that wait for another turn, counted in arrivals. */
  since: number | undefined;
  /** It has its turn, and waits for a request of another seat to end. */
  isHeldUp: boolean;
}

/** A model on the server. */
interface Place {
  stakes: Map<SeatKey, Stake>;
  hasTurn: boolean;
}

class HostTurns {
  readonly #places = new Map<string, Place>();
  #room = 1;
  #arrivals = 0;
  #isAdvancing = false;

  want(
    seat: SeatKey,
    key: string,
    { waiting, room = this.#room }: { waiting: number; room: number | undefined },
  ): void {
    const stake = this.#stakeOf(seat, key);
    const place = this.#places.get(key);
    this.#room = room;
    stake.waiting = waiting;
    // Who could have started something in this turn and did not, for reasons of its own, lets the others go on.
    if (place && !isAtWork(place)) stake.quota = 0;
    if (waiting === 0) stake.since = undefined;
    else if (waiting > stake.quota) stake.since ??= this.#arrivals++;
    if (this.hasOthers(seat)) this.#advance();
  }

  mayStart(seat: SeatKey, key: string): boolean {
    return !this.hasOthers(seat) || (this.#places.get(key)?.stakes.get(seat)?.quota ?? 0) > 0;
  }

  share(seat: SeatKey, key: string, limit: number): number {
    const stakes = this.#places.get(key)?.stakes;
    // The most frequent case by far.
    if (!stakes || (stakes.size === 1 && stakes.has(seat))) return limit;
    const others = this.#activeAt(key).filter(([other]) => other !== seat);
    if (others.length === 0) return limit;
    const part = Math.max(1, Math.floor(limit / (others.length + 1)));
    const taken = others.map(([, { inFlight, waiting }]) => Math.max(inFlight, Math.min(part, inFlight + waiting)));
    const stake = this.#stakeOf(seat, key);
    stake.isHeldUp = stake.inFlight === 0 && this.underWay(key) >= most;
    return stake.isHeldUp ? 0 : Math.max(1, limit - sum(taken));
  }

  underWay(key: string): number {
    return sum(this.#activeAt(key).map(([, { inFlight }]) => inFlight));
  }

  start(seat: SeatKey, key: string, tasks: number): void {
    const stake = this.#stakeOf(seat, key);
    stake.inFlight += 1;
    stake.waiting = Math.max(0, stake.waiting - tasks);
    stake.quota = Math.max(0, stake.quota - tasks);
  }

  end(seat: SeatKey, key: string): void {
    this.#stakeOf(seat, key).inFlight -= 1;
    if (this.hasOthers(seat)) this.#advance();
    this.#callHeldUp(key);
  }

  leave(seat: SeatKey): void {
    for (const [key, { stakes }] of this.#places) {
      stakes.delete(seat);
      if (stakes.size === 0) this.#places.delete(key);
    }
    this.#advance();
    for (const key of [...this.#places.keys()]) this.#callHeldUp(key);
  }

  /** Ends turns that are over, and begins others while there is room. */
  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    const [first, ...others] = this.#active();
    // Nothing is in the way of one that is alone.
    if (first && others.length === 0) first.onTurn();
    const passed = new Set<Place>();
    for (let next = this.#next(passed); others.length > 0 && next; next = this.#next(passed)) {
      passed.add(next);
      this.#begin(next);
    }
    this.#isAdvancing = false;
  }

  /** The place to begin a turn next, each at most once. */
  #next(passed: ReadonlySet<Place>): Place | undefined {
    const places = [...this.#places.values()];
    for (const place of places) settle(place);
    const open = places.filter(({ hasTurn }) => hasTurn);
    const waiting = places.filter((place) => !place.hasTurn && sinceOf(place) < Infinity);
    if (waiting.length === 0) return open.find((place) => sinceOf(place) < Infinity && !passed.has(place));
    if (open.length >= this.#room) return undefined;
    return waiting.filter((place) => !passed.has(place)).reduce<Place | undefined>(older, undefined);
  }

  /** What waits now is served in this turn; a turn that nobody takes is over at once. */
  #begin(place: Place): void {
    place.hasTurn = true;
    const served = [...place.stakes].filter(([, { waiting }]) => waiting > 0);
    for (const [, stake] of served) Object.assign(stake, { quota: stake.waiting, since: undefined });
    for (const [seat] of served) seat.onTurn();
    if (isAtWork(place)) return;
    place.hasTurn = false;
    for (const [, stake] of served) Object.assign(stake, { quota: 0, since: this.#arrivals++ });
  }

  /** Those that have something to do here. */
  #active(): Set<SeatKey> {
    const active = new Set<SeatKey>();
    for (const { stakes } of this.#places.values()) {
      for (const [seat, stake] of stakes) if (isActive(stake)) active.add(seat);
    }
    return active;
  }

  #callHeldUp(key: string): void {
    for (const [seat, { isHeldUp, waiting }] of this.#activeAt(key)) if (isHeldUp && waiting > 0) seat.onTurn();
  }

  #activeAt(key: string): [SeatKey, Stake][] {
    return [...(this.#places.get(key)?.stakes ?? [])].filter(([, stake]) => isActive(stake));
  }

  hasOthers(seat: SeatKey): boolean {
    for (const { stakes } of this.#places.values()) {
      for (const [other, stake] of stakes) if (other !== seat && isActive(stake)) return true;
    }
    return false;
  }

  #stakeOf(seat: SeatKey, key: string): Stake {
    const place: Place = this.#places.get(key) ?? { stakes: new Map(), hasTurn: false };
    this.#places.set(key, place);
    const stake = place.stakes.get(seat) ?? { waiting: 0, inFlight: 0, quota: 0, since: undefined, isHeldUp: false };
    place.stakes.set(seat, stake);
    return stake;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function isActive({ waiting, inFlight }: Stake): boolean {
  return waiting > 0 || inFlight > 0;
}

function isAtWork({ stakes }: Place): boolean {
  return [...stakes.values()].some(({ inFlight }) => inFlight > 0);
}

/** A turn is over when nothing is under way and nobody may start more. Work that began while nobody else was there is one, too. */
function settle(place: Place): void {
  const stakes = [...place.stakes.values()];
  if (isAtWork(place) && !place.hasTurn) {
    place.hasTurn = true;
    for (const stake of stakes)
      if (stake.inFlight > 0) Object.assign(stake, { quota: stake.waiting, since: undefined });
  }
  if (place.hasTurn && !isAtWork(place) && stakes.every(({ quota, waiting }) => Math.min(quota, waiting) === 0)) {
    place.hasTurn = false;
    for (const stake of stakes) stake.quota = 0;
  }
}

/** Of what waits for another turn; Infinity when nothing does. */
function sinceOf({ stakes }: Place): number {
  return Math.min(...[...stakes.values()].map(({ since }) => since ?? Infinity));
}

function older(a: Place | undefined, b: Place): Place {
  return a && sinceOf(a) <= sinceOf(b) ? a : b;
}
