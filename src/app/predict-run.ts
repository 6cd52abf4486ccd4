// In: a plan and the servers it is for. Out: what it will take. Pure: the run is played on a model of the servers.
import { chooseCandidates, type Availability } from '../engine/choose.ts';
import { InFlight } from '../engine/in-flight.ts';
import { Queues, type Lane } from '../engine/queues.ts';
import { Speeds } from '../engine/speeds.ts';
import { TaskGraph } from '../engine/task-graph.ts';
import type { TaskNode } from '../engine/task-node.ts';
import type { PlanSnapshot, Prediction } from '../events/plan-snapshot.ts';
import { formatGoDuration } from '../lib/go-duration.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { Fleet, FleetHost, FleetModel, Measured } from '../ollama/fleet.ts';
import type { Plan } from '../plan/plan.ts';
import { createServerModel, type ServerModel } from '../simulator/server-model.ts';
import { defaultServerSettings } from '../simulator/server-settings.ts';
import { createVirtualClock, type VirtualClock } from '../simulator/virtual-clock.ts';
import type { VirtualModel } from '../simulator/virtual-model.ts';
import { knownSpeeds, paceModel, sketchModel, usualAnswerOf } from './model-sketches.ts';

/** Longer lists take longer to predict than anybody wants to wait. */
const mostTasks = 20_000;

/**
 * Loads and time of a run. Conditions are taken to hold, lists that an answer will give to have one element, answers to
 * have as many tokens as `num_predict` allows, else as those before, else a usual number. Undefined where nothing can be
 * said.
 */
export function predictRun(plan: Plan, fleet: Fleet, snapshot: PlanSnapshot): Prediction | undefined {
  const isModelless = plan.tasks.every(({ candidates }) => candidates.length === 0);
  if (isModelless || plan.tasks.length > mostTasks) return undefined;
  const played = new PlayedRun(plan, fleet, snapshot);
  const { loads, ms, basedOn } = played.play();
  // More digits would be a promise.
  const total_ns = Math.round(ms / 100) * 1e8;
  return { model_loads: loads, duration: formatGoDuration(total_ns), total_ns, based_on: basedOn };
}

/** A run on virtual servers: the engine's own queues and order, without its requests. */
class PlayedRun {
  readonly #graph: TaskGraph;
  readonly #queues: Queues;
  readonly #clock: VirtualClock = createVirtualClock();
  readonly #servers: ReadonlyMap<string, PlayedServer>;
  readonly #promptTokens: ReadonlyMap<string, number>;
  readonly #speeds: Speeds;
  #endedAtMs = 0;

  constructor(plan: Plan, fleet: Fleet, { tasks }: PlanSnapshot) {
    this.#graph = new TaskGraph(plan, (name) => name, 0);
    this.#servers = new Map(fleet.hosts.map((host) => [host.url, new PlayedServer(host, fleet, this.#clock)]));
    this.#speeds = new Speeds(knownSpeeds(fleet));
    this.#promptTokens = new Map(tasks.map(({ task, prompt_tokens = 0 }) => [task, prompt_tokens]));
    const { limit } = new InFlight(() => plan.limits.maxConcurrent);
    this.#queues = new Queues({
      limits: plan.limits,
      roomOf: (host) => this.#servers.get(host)?.room ?? 1,
      choose: (candidates) => chooseCandidates(candidates, allThere),
      look: (lane) => ({ ...this.#look(lane), limit: lane.normalName === '' ? Infinity : limit, resting: false }),
    });
  }

  play(): { loads: number; ms: number; basedOn: Prediction['based_on'] } {
    const nodes = [...this.#graph.nodes];
    this.#queues.expect(nodes);
    for (const node of nodes) {
      if (node.state !== 'blocked') continue;
      if (node.plan.problem) this.#end(node);
      else if (node.waitingFor === 0) this.#admit(node);
    }
    this.#pump();
    this.#clock.runAll();
    const servers = [...this.#servers.values()];
    const loads = servers.reduce((sum, server) => sum + server.loads, 0);
    const isMeasured = new Set(servers.flatMap((server) => [...server.isMeasured]));
    const basedOn = isMeasured.size > 1 ? 'both' : isMeasured.has(true) ? 'measured' : 'sizes';
    return { loads, ms: this.#endedAtMs, basedOn };
  }

  #admit(node: TaskNode): void {
    const list = node.plan.spec.foreach?.in;
    if (!Array.isArray(list) || list.length === 0) return this.#makeReady(node);
    const items = this.#graph.expand(node, list as unknown[], 0);
    node.state = 'expanded';
    this.#queues.expect(items);
    this.#goOnWithItems(node);
  }

  #goOnWithItems(parent: TaskNode): void {
    for (const item of this.#graph.takeItems(parent)) this.#makeReady(item);
    if (parent.items?.open === 0) this.#end(parent);
  }

  #makeReady(node: TaskNode): void {
    node.state = 'ready';
    this.#queues.add(node);
  }

  #end(node: TaskNode): void {
    if (node.state === 'finished') return;
    node.state = 'finished';
    node.status = node.plan.problem ? 'failed' : 'completed';
    this.#queues.settle(node);
    for (const freed of this.#graph.release(node)) {
      if (freed.state !== 'blocked') continue;
      if (freed.failedNeed) this.#end(freed);
      else this.#admit(freed);
    }
    if (node.parent) this.#goOnWithItems(node.parent);
  }

  #pump(): void {
    for (let next = this.#queues.take(); next; next = this.#queues.take()) this.#send(next.lane, next.nodes);
  }

  #send(lane: Lane, nodes: readonly TaskNode[]): void {
    for (const node of nodes) node.state = 'running';
    const onEnd = (): void => {
      this.#endedAtMs = this.#clock.now();
      for (const node of nodes) this.#end(node);
      this.#queues.release(lane, nodes);
      this.#pump();
    };
    const server = this.#servers.get(lane.host);
    if (!server) return void this.#clock.after(0, onEnd);
    const promptTokens = nodes.reduce((sum, { plan }) => sum + (this.#promptTokens.get(plan.spec.name) ?? 0), 0);
    const outputTokens = outputTokensOf(nodes, server.usualAnswerOf(lane));
    server.send(lane, { promptTokens, outputTokens, onEnd });
  }

  #look(lane: Lane): { loaded: boolean; loadMs: number; answerMs: number } {
    const server = this.#servers.get(lane.host);
    if (!server) return { loaded: true, loadMs: 0, answerMs: 1 };
    return { loaded: server.holds(lane), ...this.#speeds.expect(lane) };
  }
}

class PlayedServer {
  /** As the survey found it: more is learned only by running. */
  readonly room: number;
  /** Of each figure that was used, whether it was measured. */
  readonly isMeasured = new Set<boolean>();
  readonly #model: ServerModel;
  readonly #models = new Map<string, VirtualModel>();
  readonly #host: FleetHost;
  readonly #fleet: Fleet;

  constructor(host: FleetHost, fleet: Fleet, clock: VirtualClock) {
    const loaded = host.models.filter((model) => model.loaded);
    this.#host = host;
    this.#fleet = fleet;
    this.room = Math.max(1, loaded.length);
    const settings = { ...defaultServerSettings, maxLoaded: this.room, memoryBytes: Infinity, keepAliveMs: Infinity };
    this.#model = createServerModel({ settings, clock, random: () => 0 });
    for (const { name, loaded: held } of loaded) this.#model.scheduler.place(this.#modelOf(name), held?.context_length);
  }

  get loads(): number {
    return this.#model.scheduler.totalLoads;
  }

  holds({ normalName, load }: Lane): boolean {
    const held = this.#model.scheduler.loaded.get(normalName);
    return held !== undefined && (load.numCtx === undefined || load.numCtx === held.numCtx);
  }

  usualAnswerOf({ normalName }: Lane): number {
    return usualAnswerOf(this.#measuredOf(normalName));
  }

  send(lane: Lane, { onEnd, ...tokens }: { promptTokens: number; outputTokens: number; onEnd: () => void }): void {
    const { normalName, load } = lane;
    const { load_ms, answer_ms } = this.#measuredOf(normalName) ?? {};
    this.isMeasured.add(answer_ms !== undefined);
    if (!this.holds(lane)) this.isMeasured.add(load_ms !== undefined);
    const held = this.#model.scheduler.loaded.get(normalName);
    // What others have loaded is used as it is.
    const numCtx = load.numCtx ?? held?.numCtx;
    this.#model.send({ model: this.#modelOf(normalName), numCtx, ...tokens }, { onEnd });
  }

  #modelOf(name: string): VirtualModel {
    const normal = normalizeModelName(name);
    const known = this.#models.get(normal);
    if (known) return known;
    const sketch = sketchModel({ name: normal, size_bytes: found(this.#host, normal)?.size_bytes ?? 0 });
    const measured = this.#measuredOf(normal);
    const model = measured ? paceModel(sketch, measured) : sketch;
    this.#models.set(normal, model);
    return model;
  }

  /** Here, else on another server. */
  #measuredOf(name: string): Measured | undefined {
    const hosts = [this.#host, ...this.#fleet.hosts];
    return hosts.map((host) => found(host, name)?.measured).find((measured) => measured !== undefined);
  }
}

const allThere: Availability = { isDown: () => false, isResting: () => false, isModelMissing: () => false };

function found({ models }: FleetHost, name: string): FleetModel | undefined {
  return models.find((model) => normalizeModelName(model.name) === normalizeModelName(name));
}

function outputTokensOf(nodes: readonly TaskNode[], usualAnswer: number): number {
  return nodes.reduce((sum, { plan: { options, spec } }) => {
    // What makes vectors writes nothing.
    if (spec.definition.batch) return sum;
    const limit = options?.['num_predict'];
    return sum + (typeof limit === 'number' && limit > 0 ? limit : usualAnswer);
  }, 0);
}
