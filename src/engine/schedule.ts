import { normalizeModelName } from '../ollama/model-name.ts';

/** The tasks for one model on one server, loaded in one way, as the scheduler sees them. */
export interface LaneView {
  host: string;
  model: string;
  /** Tasks that could start now. */
  ready: number;
  /** Position in the plan of the first of them. */
  first: number;
  /** Requests under way. A lane without a model has work of this process instead: no server limits it. */
  inFlight: number;
  /** Whether the server holds the model in memory. */
  loaded: boolean;
}

export interface ScheduleLimits {
  maxConcurrent: number;
  perModel: number;
  perHost: Readonly<Record<string, number>>;
}

/**
 * The lane whose first task starts next; undefined when nothing may start now.
 *
 * Models that are in memory or at work go first. Another model is asked for only when nothing is left to do, or under
 * way, for those the server has: so each is loaded once and drained before the next one takes its place.
 */
export function chooseLane<L extends LaneView>(lanes: readonly L[], limits: ScheduleLimits): L | undefined {
  const inFlight = lanes.reduce((sum, lane) => sum + lane.inFlight, 0);
  if (inFlight >= limits.maxConcurrent) return undefined;
  const busy = new Map<string, number>();
  const held = new Set<string>();
  const atWork = new Map<string, L>();
  for (const lane of lanes) {
    busy.set(lane.host, (busy.get(lane.host) ?? 0) + lane.inFlight);
    if (lane.inFlight > 0) atWork.set(placeOf(lane), lane);
    if (lane.inFlight > 0 || (lane.loaded && lane.ready > 0)) held.add(lane.host);
  }
  const startable = lanes.filter((lane) => {
    if (lane.ready === 0) return false;
    if (lane.model !== '' && lane.inFlight >= limits.perModel) return false;
    // One model loaded in two ways would be loaded anew for each request.
    if (lane.model !== '' && (atWork.get(placeOf(lane)) ?? lane) !== lane) return false;
    if ((busy.get(lane.host) ?? 0) >= (limits.perHost[lane.host] ?? Infinity)) return false;
    return lane.loaded || lane.inFlight > 0 || !held.has(lane.host);
  });
  return startable.reduce<L | undefined>((best, lane) => (best && best.first <= lane.first ? best : lane), undefined);
}

function placeOf({ host, model }: LaneView): string {
  return `${host}\n${normalizeModelName(model)}`;
}
