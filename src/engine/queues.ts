import type { Candidate } from '../events/plan-snapshot.ts';
import { PriorityQueue } from '../lib/priority-queue.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { takeBatch } from './batch.ts';
import type { LoadOptions } from './load-options.ts';
import { placeToLoad } from './look-ahead.ts';
import { outlookFrom } from './outlook.ts';
import { choosePreload, type PreloadServer } from './preload.ts';
import { chooseStart, type LaneView, type QueueView, type ScheduleLimits } from './schedule.ts';
import { countAfter, isStillSoon, tasksSoon, type SoonNode } from './soon.ts';
import type { TaskNode } from './task-node.ts';
import { compareUrgency } from './urgency.ts';

/** One model on one server, loaded in one way. Tasks without a model have a lane of their own, with `host` and `model` empty. */
export interface Lane extends LaneView {
  readonly model: string;
  readonly load: LoadOptions;
  /** The same for all lanes of the model that can share a load. */
  readonly key: string;
  /** Set while the lane has its turn: settles when the model has been asked for. */
  turn?: Promise<void> | undefined;
}

/** Tasks that are ready, for one model, loaded in one way, on any of the same servers. */
export interface Queue extends QueueView<Lane> {
  readonly key: string;
  readonly waiting: PriorityQueue<TaskNode>;
  /** Tasks added since they were last told why they wait. */
  readonly newcomers: TaskNode[];
  /** What those that wait were told last. */
  told: string;
}

/** What the queues ask about the run and its servers. */
export interface QueuesRun {
  limits: Omit<ScheduleLimits, 'roomOf'>;
  roomOf: (host: string) => number;
  /** The candidates of a task that are as good as each other. */
  choose: (candidates: readonly Candidate[]) => readonly Candidate[];
  /** What is known of a lane now. */
  look: (lane: Lane) => Pick<LaneView, 'loaded' | 'resting' | 'limit' | 'loadMs' | 'answerMs'>;
}

/** Which tasks are ready, and on which servers they may start. */
export class Queues {
  readonly #run: QueuesRun;
  readonly #queues = new Map<string, Queue>();
  readonly #lanes = new Map<string, Lane>();
  /** How many tasks have not ended, by model and load. */
  readonly #left = new Map<string, { count: number }>();
  readonly #counts = new Map<readonly Candidate[], Map<string, { count: number }>>();
  readonly #returning = new Map<TaskNode, Lane>();
  /** Tasks whose model is loaded for them before they can start, and where. */
  readonly #preloaded = new Map<SoonNode, Lane>();
  /** Requests under way, over all lanes. */
  #inFlight = 0;
  readonly #running = new Set<TaskNode>();
  /** Queues by what their tasks have in common. Most tasks share their candidates. */
  #known = new Map<readonly Candidate[], Map<string, Queue>>();

  constructor(run: QueuesRun) {
    this.#run = run;
  }

  /** Counts tasks that are to come. */
  expect(nodes: readonly TaskNode[]): void {
    for (const node of nodes) this.#countOf(node).count += 1;
  }

  /** A task has ended, wherever it was. */
  settle(node: TaskNode): void {
    this.#countOf(node).count -= 1;
    this.#returning.delete(node);
  }

  /** A task that was sent is to be sent again in so many milliseconds. */
  expectBack(node: TaskNode, delayMs: number): void {
    const lane = node.candidate && this.#laneFor(node.candidate.host, node.candidate.model, node.load);
    if (lane && delayMs < lane.loadMs) this.#returning.set(node, lane);
  }

  add(node: TaskNode): void {
    this.#returning.delete(node);
    const queue = this.#queueOf(node);
    queue.waiting.push(node);
    queue.newcomers.push(node);
  }

  /** The next request: its lane and its tasks, one or a batch; undefined when nothing may start now. */
  take(): { lane: Lane; nodes: TaskNode[] } | undefined {
    const { limits, roomOf } = this.#run;
    if (this.#inFlight >= limits.maxConcurrent || !this.#isAnyReady()) return undefined;
    this.#look();
    const queues = [...this.#queues.values()];
    const start = chooseStart<Lane, Queue>(queues, { ...limits, roomOf }, (rivals, full) => {
      const more = { rivals, full, running: this.#running, queueOf: (node: TaskNode) => this.#queueOf(node) };
      const key = placeToLoad(outlookFrom(queues, more));
      return rivals.find((queue) => queue.key === key);
    });
    if (!start) return undefined;
    const nodes = takeBatch(start.queue.waiting, start.lane);
    for (const node of nodes) this.#running.add(node);
    start.lane.inFlight += 1;
    this.#inFlight += 1;
    return { lane: start.lane, nodes };
  }

  /** A task whose model can be loaded now, before it can start, and where. */
  preload(serverOf: (host: string) => PreloadServer): { node: TaskNode; lane: Lane } | undefined {
    if (this.#inFlight >= this.#run.limits.maxConcurrent) return undefined;
    const known = new Set([...this.#preloaded.keys()].map(({ node }) => node));
    const keyOf = ({ plan, load }: TaskNode): string => keyFor(plan.candidates[0]?.model, load);
    const soon = tasksSoon(this.#running)
      .filter(({ node }) => !known.has(node))
      .map((task) => ({ ...task, lanes: this.#queueOf(task.node).lanes, after: () => countAfter(task.node, keyOf) }));
    if (soon.length === 0) return undefined;
    this.#look();
    const [lanes, queues] = [[...this.#lanes.values()], [...this.#queues.values()]];
    const view = { lanes, queues, left: this.#left, serverOf };
    const chosen = choosePreload<Lane, (typeof soon)[number]>(soon, view);
    if (!chosen) return undefined;
    this.#preloaded.set(chosen.task, chosen.lane);
    // Like any other request.
    chosen.lane.inFlight += 1;
    this.#inFlight += 1;
    return { node: chosen.task.node, lane: chosen.lane };
  }

  /** A request has ended; its tasks may be in a queue again, or under way. */
  release(lane: Lane, nodes: readonly TaskNode[]): void {
    lane.inFlight -= 1;
    this.#inFlight -= 1;
    for (const node of nodes) if (node.state !== 'running') this.#running.delete(node);
  }

  /** Ends the turn of each lane that has nothing left to do. */
  endTurns(): void {
    const wanted = new Set([...this.#queues.values()].flatMap(({ lanes, ready }) => (ready > 0 ? lanes : [])));
    for (const lane of this.#lanes.values()) if (lane.inFlight === 0 && !wanted.has(lane)) lane.turn = undefined;
  }

  /** How many tasks wait for each lane; one that may go to several counts for all of them. */
  waiting(): ReadonlyMap<Lane, number> {
    const counts = new Map([...this.#lanes.values()].map((lane) => [lane, 0]));
    for (const { lanes, ready } of this.#queues.values()) {
      for (const lane of lanes) counts.set(lane, (counts.get(lane) ?? 0) + ready);
    }
    return counts;
  }

  /** Takes all waiting tasks out: those that go on are added again, to servers that are good for them now. */
  drain(): TaskNode[] {
    this.#known = new Map();
    return [...this.#queues.values()].flatMap(({ waiting, newcomers }) => {
      newcomers.length = 0;
      return waiting.clear();
    });
  }

  /** The queues whose tasks go on waiting, as things are now. Call it when nothing more may start. */
  stuck(): Queue[] {
    const queues = [...this.#queues.values()].filter(({ ready, newcomers }) => {
      if (ready === 0) newcomers.length = 0;
      return ready > 0;
    });
    if (queues.length > 0) this.#look();
    return queues;
  }

  #isAnyReady(): boolean {
    for (const { ready } of this.#queues.values()) if (ready > 0) return true;
    return false;
  }

  /** Brings what is known of the lanes up to date. */
  #look(): void {
    for (const lane of this.#lanes.values()) {
      Object.assign(lane, this.#run.look(lane));
      lane.returning = 0;
    }
    for (const lane of this.#returning.values()) lane.returning += 1;
    for (const [task, lane] of this.#preloaded) {
      if (isStillSoon(task)) lane.returning += 1;
      else if (task.node.state !== 'blocked') this.#preloaded.delete(task);
    }
  }

  #queueOf({ plan, load }: TaskNode): Queue {
    const known = this.#known.get(plan.candidates) ?? new Map<string, Queue>();
    this.#known.set(plan.candidates, known);
    const queue = known.get(load.key) ?? this.#queueFor(this.#run.choose(plan.candidates), load);
    known.set(load.key, queue);
    return queue;
  }

  #queueFor(candidates: readonly Candidate[], load: LoadOptions): Queue {
    const places = candidates.length === 0 ? [{ host: '', model: '' }] : candidates;
    const lanes = places.map(({ host, model }) => this.#laneFor(host, model, load));
    const key = lanes.map(({ host, normalName }) => `${host} ${normalName} ${load.key}`).join('\n');
    const known = this.#queues.get(key);
    if (known) return known;
    const queue = createQueue(key, lanes);
    this.#queues.set(key, queue);
    return queue;
  }

  #laneFor(host: string, model: string, load: LoadOptions): Lane {
    const normalName = model === '' ? '' : normalizeModelName(model);
    const key = `${normalName}\n${model === '' ? '' : load.key}`;
    const known = this.#lanes.get(`${host}\n${key}`);
    if (known) return known;
    const left = this.#leftOf(model, load);
    const lane: Lane = {
      ...{
        host,
        model,
        normalName,
        load,
        key,
        inFlight: 0,
        limit: 1,
        loaded: false,
        resting: false,
        returning: 0,
        loadMs: 0,
        answerMs: 1,
      },
      get left() {
        return left.count;
      },
    };
    this.#lanes.set(`${host}\n${key}`, lane);
    return lane;
  }

  /** A task counts for the model it was planned for. */
  #countOf({ plan, load }: TaskNode): { count: number } {
    const known = this.#counts.get(plan.candidates) ?? new Map<string, { count: number }>();
    this.#counts.set(plan.candidates, known);
    const count = known.get(load.key) ?? this.#leftOf(plan.candidates[0]?.model, load);
    known.set(load.key, count);
    return count;
  }

  #leftOf(model: string | undefined, load: LoadOptions): { count: number } {
    const key = keyFor(model, load);
    const left = this.#left.get(key) ?? { count: 0 };
    this.#left.set(key, left);
    return left;
  }
}

/** Of all lanes of a model that can share a load. */
function keyFor(model: string | undefined, load: LoadOptions): string {
  return model === undefined || model === '' ? '' : `${normalizeModelName(model)}\n${load.key}`;
}

function createQueue(key: string, lanes: readonly Lane[]): Queue {
  const waiting = new PriorityQueue<TaskNode>((a, b) => compareUrgency(a, b) < 0);
  return {
    ...{ key, lanes, waiting, newcomers: [], told: '' },
    get ready() {
      return waiting.length;
    },
    get first() {
      return waiting.peek();
    },
  };
}
