// In: what a run is about to need, and what its servers hold. Out: a model to load beside the work. Pure.
import { isHeld, type LaneView } from './schedule.ts';

/** A model on a server, loaded in one way. */
export interface PreloadLane extends LaneView {
  /** The same for all lanes of the model that can share a load. */
  readonly key: string;
}

/** A task that starts as soon as what is under way has ended, and surely does. */
export interface SoonTask<L extends PreloadLane> {
  /** Where it may go then; one is as good as the other. */
  readonly lanes: readonly L[];
  /** How many tasks of each model come after it; undefined: too many to look at. */
  readonly after: () => ReadonlyMap<string, number> | undefined;
}

export interface PreloadServer {
  /** Models it holds, by their normal names. */
  held: readonly string[];
  /** How many it has room for, as far as it has shown. */
  room: number;
  /** Nobody else uses it, and it loads nothing now. */
  isFree: boolean;
}

export interface PreloadView<L extends PreloadLane> {
  lanes: readonly L[];
  /** Tasks that could start now, by the lanes they may go to. */
  queues: readonly { lanes: readonly L[]; ready: number }[];
  /** Tasks that have not ended, by the key of their lanes. */
  left: ReadonlyMap<string, { count: number }>;
  serverOf: (host: string) => PreloadServer;
}

/**
 * The first of these tasks whose model can be loaded now at no cost, and where: no server has it, it is loaded anyway, on
 * a server that has nothing else to do, and no other model is waited for that might want the place.
 */
export function choosePreload<L extends PreloadLane, S extends SoonTask<L>>(
  soon: readonly S[],
  view: PreloadView<L>,
): { task: S; lane: L } | undefined {
  const held = new Set(view.lanes.flatMap((lane) => (isHeld(lane) ? [lane.key] : [])));
  for (const task of soon) {
    const [first] = task.lanes;
    if (!first || task.lanes.some((lane) => isHeld(lane))) continue;
    const lane = task.lanes.find((each) => isNoWorse(each, task.lanes) && isOpen(each, view));
    if (lane && !hasRival(task, first.key, held, view)) return { task, lane };
  }
  return undefined;
}

/** By so much one place may be slower than another that would do as well: less is chance. */
const tolerance = 1.25;

/** Whether tasks of another model that has to be loaded might come before it. */
function hasRival<L extends PreloadLane>(
  { after }: SoonTask<L>,
  key: string,
  held: ReadonlySet<string>,
  { left }: PreloadView<L>,
): boolean {
  const rivals = [...left].filter(
    ([other, { count }]) => other !== '' && other !== key && !held.has(other) && count > 0,
  );
  if (rivals.length === 0) return false;
  const later = after();
  return rivals.some(([other, { count }]) => (later?.get(other) ?? 0) < count);
}

function isNoWorse<L extends PreloadLane>(lane: L, others: readonly L[]): boolean {
  return others.every(
    (other) =>
      other.resting || (lane.loadMs <= other.loadMs * tolerance && lane.answerMs <= other.answerMs * tolerance),
  );
}

/**
 * Whether a load there is in nobody's way, and drives nothing out that is needed. At a server that is at work nobody can
 * tell: a prompt that was sent may not be there yet, and its model be driven out before it comes.
 */
function isOpen<L extends PreloadLane>(lane: L, { lanes, queues, left, serverOf }: PreloadView<L>): boolean {
  const { held, room, isFree } = serverOf(lane.host);
  const isHere = ({ host }: L): boolean => host === lane.host;
  const isIdle = !lanes.some((each) => isHere(each) && each.inFlight > 0);
  if (lane.resting || !isFree || !isIdle) return false;
  if (queues.some((queue) => queue.ready > 0 && queue.lanes.some(isHere))) return false;
  return held.length < room || !held.some((name) => isNeeded(name, left));
}

function isNeeded(name: string, left: ReadonlyMap<string, { count: number }>): boolean {
  return [...left].some(([key, { count }]) => count > 0 && key.startsWith(`${name}\n`));
}
