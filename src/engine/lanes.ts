import type { Candidate } from '../events/plan-snapshot.ts';
import { Fifo } from '../lib/fifo.ts';
import type { LoadOptions } from './load-options.ts';
import { chooseLane, type LaneView, type ScheduleLimits } from './schedule.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { TaskNode } from './task-node.ts';

/** The tasks for one model on one server that can share a load of it. Tasks without a model share a lane of their own, with `host` and `model` empty. */
export interface Lane extends LaneView {
  readonly load: LoadOptions;
  readonly queue: Fifo<TaskNode>;
  /** Set while the lane has its turn: settles when the model has been asked for. */
  turn?: Promise<void> | undefined;
  /** Tasks added since they were last told why they wait. */
  readonly newcomers: TaskNode[];
  /** Tasks that have not been told this reason for waiting yet: all when it is new, else those that came since. */
  untold: (reason: string) => Iterable<TaskNode>;
}

/** Which tasks are ready, and for which lane. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #limits: ScheduleLimits;
  readonly #isLoaded: (lane: Lane) => boolean;

  constructor(limits: ScheduleLimits, isLoaded: (lane: Lane) => boolean) {
    this.#limits = limits;
    this.#isLoaded = isLoaded;
  }

  /** Puts a task in the queue of its lane: at its end, or in front when it was there before. */
  add(node: TaskNode, candidate: Candidate | undefined): void {
    const lane = this.#laneOf(candidate, node.load);
    const { queue } = lane;
    if (node.attempts > 0 || node.index < (queue.peek()?.index ?? 0)) queue.unshift(node);
    else queue.push(node);
    lane.newcomers.push(node);
    this.#refresh(lane);
  }

  /** The next request: its lane and its tasks, one or a batch; undefined when nothing may start now. */
  take(): { lane: Lane; nodes: TaskNode[] } | undefined {
    for (const lane of this.#lanes.values()) lane.loaded = lane.model === '' || this.#isLoaded(lane);
    const lane = chooseLane([...this.#lanes.values()], this.#limits);
    if (!lane) return undefined;
    const nodes = takeBatch(lane.queue);
    lane.inFlight += 1;
    this.#refresh(lane);
    return { lane, nodes };
  }

  /** A request of the lane has ended. */
  release(lane: Lane): void {
    lane.inFlight -= 1;
  }

  /** Ends the turn of each lane that has nothing left to do. */
  endTurns(): void {
    for (const lane of this.#lanes.values()) if (lane.inFlight === 0 && lane.ready === 0) lane.turn = undefined;
  }

  /** Takes all waiting tasks out, of one server or of all. */
  drain(host?: string): TaskNode[] {
    return [...this.#lanes.values()]
      .filter((lane) => host === undefined || lane.host === host)
      .flatMap((lane) => {
        const nodes: TaskNode[] = [];
        for (let node = lane.queue.shift(); node; node = lane.queue.shift()) nodes.push(node);
        this.#refresh(lane);
        return nodes;
      });
  }

  [Symbol.iterator](): IterableIterator<Lane> {
    return this.#lanes.values();
  }

  #laneOf(candidate: Candidate | undefined, load: LoadOptions): Lane {
    const { host, model } = candidate ?? { host: '', model: '' };
    const key = `${host}\n${normalizeModelName(model)}\n${candidate ? load.key : ''}`;
    const known = this.#lanes.get(key);
    if (known) return known;
    const lane = createLane(host, model, load);
    this.#lanes.set(key, lane);
    return lane;
  }

  #refresh(lane: Lane): void {
    lane.ready = lane.queue.length;
    lane.first = lane.queue.peek()?.index ?? 0;
  }
}

function createLane(host: string, model: string, load: LoadOptions): Lane {
  const queue = new Fifo<TaskNode>();
  const newcomers: TaskNode[] = [];
  let told = '';
  const untold = (reason: string): Iterable<TaskNode> => {
    const since = newcomers.splice(0).filter((node) => node.state === 'ready');
    if (reason === told) return since;
    told = reason;
    return queue;
  };
  return { host, model, load, queue, ready: 0, first: 0, inFlight: 0, loaded: false, newcomers, untold };
}

/** The first task, and those right behind it that may share its request. */
function takeBatch(queue: Fifo<TaskNode>): TaskNode[] {
  const first = queue.shift();
  if (!first) return [];
  const nodes = [first];
  const max = first.alone ? 1 : (first.plan.spec.definition.batch?.max ?? 1);
  for (let next = queue.peek(); next && nodes.length < max && mayShare(first, next); next = queue.peek()) {
    nodes.push(next);
    queue.shift();
  }
  return nodes;
}

function mayShare(a: TaskNode, b: TaskNode): boolean {
  const { spec, options, timeoutMs } = b.plan;
  return (
    !b.alone &&
    spec.definition === a.plan.spec.definition &&
    b.candidate?.model === a.candidate?.model &&
    timeoutMs === a.plan.timeoutMs &&
    JSON.stringify(options) === JSON.stringify(a.plan.options)
  );
}
