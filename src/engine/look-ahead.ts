// In: what is left to do. Out: the model that is to be loaded next, so that the fewest loads follow. Pure.

/** What is left to do, on servers that have room for one model. A place is a model, loaded in one way. */
export interface Outlook<T> {
  /** What could start now in each place that needs a load. Tasks that nothing waits for may be left out. */
  ready: ReadonlyMap<string, Iterable<T>>;
  /** Tasks that will end without a load. */
  ending: Iterable<T>;
  /** Undefined: it runs where nothing has to be loaded. */
  placeOf: (task: T) => string | undefined;
  /** How many others must end before it can start. */
  waitsFor: (task: T) => number;
  /** The tasks that wait for it. */
  next: (task: T) => Iterable<T>;
  /** Milliseconds of a load. */
  loadMs: (place: string) => number;
}

/** A way to go on from now. */
interface Way<T> {
  /** The place it begins with. */
  first: string;
  /** What could start, by place, in pieces that ways share. */
  ready: Map<string, readonly (readonly T[])[]>;
  /** How many a task still waits for, where that has changed. */
  waiting: Map<T, number>;
  done: number;
  loadsMs: number;
}

/** Ways that are followed further after each load: those that got most done. */
const mostWays = 48;

/** Tasks looked at before the search is content with what it has. */
const mostSteps = 40_000;

/**
 * The place to load first. Each load is followed by all that can then be done without another one: to stop before gains
 * nothing. All ways are followed load by load until one of them gets everything done, so that small graphs get the best
 * order there is; in large ones the way that gets most done within reach wins.
 * @returns the first place of those that are ready where nothing speaks for another one
 */
export function placeToLoad<T>(outlook: Outlook<T>): string | undefined {
  const places = [...outlook.ready.keys()];
  const budget = { steps: mostSteps };
  let ways = [start(outlook, budget)];
  for (;;) {
    const further = ways.flatMap((way) =>
      [...way.ready.keys()].flatMap((place) => (budget.steps > 0 ? [load(way, place, outlook, budget)] : [])),
    );
    further.sort((a, b) => b.done - a.done || a.loadsMs - b.loadsMs);
    const over = further
      .filter(({ ready }) => ready.size === 0)
      .sort((a, b) => a.loadsMs - b.loadsMs || places.indexOf(a.first) - places.indexOf(b.first));
    const best = over[0] ?? further[0] ?? ways[0];
    if (over.length > 0 || budget.steps <= 0 || further.length === 0) return best?.first || places[0];
    ways = distinct(further).slice(0, mostWays);
  }
}

/** Before the first load: what is under way has ended. */
function start<T>(outlook: Outlook<T>, budget: { steps: number }): Way<T> {
  const ready = new Map([...outlook.ready].map(([place, tasks]) => [place, [[...tasks]]] as const));
  const way: Way<T> = { first: '', ready, waiting: new Map(), done: 0, loadsMs: 0 };
  finish(way, outlook.ending, undefined, outlook, budget);
  return way;
}

function load<T>(from: Way<T>, place: string, outlook: Outlook<T>, budget: { steps: number }): Way<T> {
  const way: Way<T> = {
    first: from.first || place,
    ready: new Map(from.ready),
    waiting: new Map(from.waiting),
    done: from.done,
    loadsMs: from.loadsMs + outlook.loadMs(place),
  };
  budget.steps -= from.waiting.size + 1;
  way.ready.delete(place);
  for (const tasks of from.ready.get(place) ?? []) finish(way, tasks, place, outlook, budget);
  return way;
}

/** Does tasks, and all that they set free in the same place. */
function finish<T>(
  way: Way<T>,
  tasks: Iterable<T>,
  place: string | undefined,
  { placeOf, waitsFor, next }: Outlook<T>,
  budget: { steps: number },
): void {
  const open = [...tasks];
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    way.done += 1;
    for (const follower of next(task)) {
      budget.steps -= 1;
      const waiting = (way.waiting.get(follower) ?? waitsFor(follower)) - 1;
      way.waiting.set(follower, waiting);
      if (waiting !== 0) continue;
      const where = placeOf(follower);
      if (where === undefined || where === place) open.push(follower);
      else way.ready.set(where, [...(way.ready.get(where) ?? []), [follower]]);
    }
  }
}

/** Ways that got to the same point are one; the first of them stays. */
function distinct<T>(ways: readonly Way<T>[]): Way<T>[] {
  const seen = new Map<string, Way<T>[]>();
  return ways.filter((way) => {
    const key = [way.done, way.waiting.size, ...[...way.ready.keys()].sort()].join('\n');
    const alike = seen.get(key) ?? [];
    if (alike.some((other) => isSamePoint(way, other))) return false;
    seen.set(key, [...alike, way]);
    return true;
  });
}

function isSamePoint<T>(a: Way<T>, b: Way<T>): boolean {
  for (const [task, waiting] of a.waiting) if (b.waiting.get(task) !== waiting) return false;
  return true;
}
