// In: what is ready, what the servers hold and are expected to need. Out: what starts next, and where. Pure.
import { endsInMs, isWorthwhile, type Worker } from './spread.ts';
import { compareUrgency, type Urgency } from './urgency.ts';

/** One model on one server, loaded in one way, as the scheduler sees it. */
export interface LaneView {
  readonly host: string;
  /** The model, however tasks spell it; empty for work of this process, which no server limits. */
  readonly normalName: string;
  /** Requests under way. */
  inFlight: number;
  /** Most that may be. */
  limit: number;
  /** Whether the server holds the model in memory. */
  loaded: boolean;
  /** Nothing is started there for now. */
  resting: boolean;
  /** Tasks that come back to it in a moment, sooner than its model could be loaded again. */
  returning: number;
  /** Expected milliseconds of a load. */
  loadMs: number;
  /** Expected milliseconds from one answer to the next. */
  answerMs: number;
  /** Tasks of the run for this model that have not ended, also those that cannot start yet. */
  readonly left: number;
}

/** Tasks for one model, loaded in one way, that may go to any of these servers. */
export interface QueueView<L extends LaneView = LaneView> {
  readonly lanes: readonly L[];
  /** Tasks that could start now. */
  readonly ready: number;
  /** The most urgent of them. */
  readonly first: Urgency | undefined;
}

export interface ScheduleLimits {
  /** Most requests under way over all servers. */
  maxConcurrent: number;
  /** Most requests under way per server. */
  perHost: Readonly<Record<string, number>>;
  /** How many models a server holds at once, as far as is known. */
  roomOf: (host: string) => number;
}

/** A task of this queue starts on this lane. */
export interface Start<L extends LaneView, Q extends QueueView<L>> {
  queue: Q;
  lane: L;
}

/**
 * Of several queues whose models would have to be loaded, the one to begin with.
 * @param rivals the most urgent one first
 * @param full servers on which a load drives out what they hold
 */
export type Foresee<Q> = (rivals: readonly Q[], full: ReadonlySet<string>) => Q | undefined;

/**
 * What starts next; undefined when nothing may start now.
 *
 * Models that are in memory or at work go first. Another model is asked for only where nothing is left to do, or under
 * way, for those a server has room for: so each is loaded once and drained before the next one takes its place. Of
 * several servers one takes a task only if it would be done with it before the others are with all of them.
 */
export function chooseStart<L extends LaneView, Q extends QueueView<L>>(
  queues: readonly Q[],
  limits: ScheduleLimits,
  foresee: Foresee<Q>,
): Start<L, Q> | undefined {
  const servers = viewServers<L>(queues, limits);
  const inFlight = [...servers.values()].reduce((sum, server) => sum + server.inFlight, 0);
  if (inFlight >= limits.maxConcurrent) return undefined;
  const options = queues.flatMap((queue) => optionsOf<L, Q>(queue, servers));
  const here = options.filter(({ lane }) => isHeld(lane));
  for (const { lane, server } of here) server.busy.add(lane);
  const loads = options.filter(({ lane, server }) => !isHeld(lane) && mayLoad(server));
  const [start] = [first(here, compareOptions), chooseLoad(loads, foresee)]
    .filter((option) => option !== undefined)
    .sort((a, b) => comparePriority(a, b) || a.server.inFlight - b.server.inFlight);
  return start && { queue: start.queue, lane: start.lane };
}

/** A load counts so many times where another server has the model already: a second place has to gain more than a moment. */
const furtherLoad = 1.25;

interface Server<L extends LaneView> {
  inFlight: number;
  maxInFlight: number;
  room: number;
  /** The lane of each model that has requests under way. */
  atWork: Map<string, L>;
  /** What it has in memory or loads. */
  held: Set<L>;
  /** Those of them that have something to do. */
  busy: Set<L>;
  /** More is to be done with what it holds than is under way. */
  isWanted: boolean;
  /** Milliseconds until it has done what is there for what it holds. */
  busyMs: number;
}

function viewServers<L extends LaneView>(
  queues: readonly QueueView<L>[],
  { perHost, roomOf }: ScheduleLimits,
): Map<string, Server<L>> {
  const servers = new Map<string, Server<L>>();
  for (const { lanes, ready } of queues) {
    const sharers = lanes.filter(isHeld).length;
    for (const lane of lanes) {
      const server = servers.get(lane.host) ?? newServer<L>(perHost[lane.host], roomOf(lane.host));
      servers.set(lane.host, server);
      if (!isHeld(lane)) continue;
      server.busyMs += (ready / sharers) * lane.answerMs;
      if (server.held.has(lane)) continue;
      server.held.add(lane);
      server.busyMs += lane.inFlight * lane.answerMs;
      server.inFlight += lane.inFlight;
      if (lane.returning > 0) server.isWanted = true;
      if (lane.inFlight === 0) continue;
      server.atWork.set(lane.normalName, lane);
      server.busy.add(lane);
    }
  }
  return servers;
}

function newServer<L extends LaneView>(maxInFlight = Infinity, room: number): Server<L> {
  return {
    inFlight: 0,
    maxInFlight,
    room,
    atWork: new Map(),
    held: new Set(),
    busy: new Set(),
    isWanted: false,
    busyMs: 0,
  };
}

/** Whether the server has the model in memory, or loads it for what is under way. */
export function isHeld({ loaded, inFlight }: Pick<LaneView, 'loaded' | 'inFlight'>): boolean {
  return loaded || inFlight > 0;
}

interface Option<L extends LaneView, Q extends QueueView<L>> extends Start<L, Q> {
  server: Server<L>;
  urgency: Urgency;
  endsInMs: number;
}

/** The lanes on which a task of the queue might start now, as far as the other models of their servers let it. */
function optionsOf<L extends LaneView, Q extends QueueView<L>>(
  queue: Q,
  servers: ReadonlyMap<string, Server<L>>,
): Option<L, Q>[] {
  const { first: urgency, ready } = queue;
  if (!urgency) return [];
  const isServed = queue.lanes.some((lane) => isHeld(lane) && !lane.resting);
  const usable = queue.lanes.flatMap((lane) => {
    const server = servers.get(lane.host);
    return !server || lane.resting ? [] : [{ queue, lane, server, urgency, worker: toWorker(lane, server, isServed) }];
  });
  return usable.flatMap((option) => {
    const others = usable.flatMap((other) => (other === option ? [] : [other.worker]));
    if (!isWorthwhile(option.worker, ready, others)) return [];
    if (isHeld(option.lane)) option.server.isWanted = true;
    return isOpen(option.lane, option.server) ? [{ ...option, endsInMs: endsInMs(option.worker) }] : [];
  });
}

function isOpen<L extends LaneView>(lane: L, { inFlight, maxInFlight, atWork }: Server<L>): boolean {
  if (lane.inFlight >= lane.limit || inFlight >= maxInFlight) return false;
  // One model loaded in two ways would be loaded anew for each request.
  return (atWork.get(lane.normalName) ?? lane) === lane;
}

function toWorker<L extends LaneView>(lane: L, server: Server<L>, isServed: boolean): Worker {
  const { inFlight, loaded, loadMs, answerMs } = lane;
  if (isHeld(lane)) return { freeInMs: inFlight * answerMs + (loaded ? 0 : loadMs), answerMs };
  const ownMs = isServed ? loadMs * furtherLoad : loadMs;
  if (!isFull(server)) return { freeInMs: ownMs, answerMs };
  // What is driven out has to be loaded again if there is still work for it.
  const returnMs = [...server.held].map((held) => (held.left > 0 ? held.loadMs : 0));
  return { freeInMs: server.busyMs + Math.min(...returnMs) + ownMs, answerMs };
}

/**
 * Whether another model may be loaded there. A server that is full drives out the first model that has nothing under way:
 * between two requests that may be one with work left.
 */
function mayLoad(server: Server<LaneView>): boolean {
  return server.busy.size < server.room && !(isFull(server) && server.isWanted);
}

function isFull({ held, room }: Server<LaneView>): boolean {
  return held.size >= room;
}

/** A model that no server has comes before another place for one that some have. */
function chooseLoad<L extends LaneView, Q extends QueueView<L>>(
  loads: readonly Option<L, Q>[],
  foresee: Foresee<Q>,
): Option<L, Q> | undefined {
  const sorted = loads.toSorted((a, b) => compareUrgency(a.urgency, b.urgency));
  const rivals = sorted.filter((option) => option.urgency.priority === sorted[0]?.urgency.priority);
  const unserved = rivals.filter(({ queue }) => !queue.lanes.some((lane) => isHeld(lane) && !lane.resting));
  const queues = [...new Set((unserved.length > 0 ? unserved : rivals).map(({ queue }) => queue))];
  const full = new Set(loads.flatMap(({ lane, server }) => (isFull(server) ? [lane.host] : [])));
  const queue = (queues.length > 1 ? foresee(queues, full) : undefined) ?? queues[0];
  return first(
    loads.filter((option) => option.queue === queue),
    (a, b) => a.endsInMs - b.endsInMs,
  );
}

/** Servers with less to do go first, then what is more urgent, then what ends sooner. */
function compareOptions<L extends LaneView, Q extends QueueView<L>>(a: Option<L, Q>, b: Option<L, Q>): number {
  return (
    comparePriority(a, b) ||
    a.server.inFlight - b.server.inFlight ||
    compareUrgency(a.urgency, b.urgency) ||
    a.endsInMs - b.endsInMs
  );
}

function comparePriority(a: { urgency: Urgency }, b: { urgency: Urgency }): number {
  return b.urgency.priority - a.urgency.priority;
}

/** The one that comes before all others; of equal ones the first. */
function first<T>(items: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best !== undefined && compare(best, item) <= 0 ? best : item),
    undefined,
  );
}
