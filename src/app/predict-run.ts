// In: a plan and the servers it is for. Out: what it will take. Pure: the run is played on a model of the servers.
import { chooseCandidates, type Availability } from '../engine/choose.ts';
import { InFlight } from '../engine/in-flight.ts';
import { Queues, type Lane } from '../engine/queues.ts';
import { TaskGraph } from '../engine/task-graph.ts';
import type { TaskNode } from '../engine/task-node.ts';
import type { PlanSnapshot, Prediction } from '../events/plan-snapshot.ts';
import { formatGoDuration } from '../lib/go-duration.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { Fleet, FleetHost } from '../ollama/fleet.ts';
import type { Plan } from '../plan/plan.ts';
import { createServerModel, type ServerModel } from '../simulator/server-model.ts';
import { defaultServerSettings } from '../simulator/server-settings.ts';
import { createVirtualClock, type VirtualClock } from '../simulator/virtual-clock.ts';
import type { VirtualModel } from '../simulator/virtual-model.ts';
import { sketchModel, usualAnswer } from './model-sketches.ts';

/** Longer lists take longer to predict than anybody wants to wait. */
const mostTasks = 20_000;

/**
 * Loads and time of a run. Conditions are taken to hold, lists that an answer will give to have one element, answers to
 * have as many tokens as `num_predict` allows, else {@link usualAnswer}. Undefined where nothing can be said.
 */
export function predictRun(plan: Plan, fleet: Fleet, snapshot: PlanSnapshot): Prediction | undefined {
  const isModelless = plan.tasks.every(({ candidates }) => candidates.length === 0);
  if (isModelless || plan.tasks.length > mostTasks) return undefined;
  const played = new PlayedRun(plan, fleet, snapshot);
  const { loads, ms } = played.play();
  // More digits would be a promise.
  const total_ns = Math.round(ms / 100) * 1e8;
  return { model_loads: loads, duration: formatGoDuration(total_ns), total_ns };
}

/** A run on virtual servers: the engine's own queues and order, without its requests. */
class PlayedRun {
  readonly #graph: TaskGraph;
  readonly #queues: Queues;
  readonly #clock: VirtualClock = createVirtualClock();
  readonly #servers: ReadonlyMap<string, PlayedServer>;
  readonly #promptTokens: ReadonlyMap<string, number>;
  #endedAtMs = 0;

  constructor(plan: Plan, { hosts }: Fleet, { tasks }: PlanSnapshot) {
    this.#graph = new TaskGraph(plan, (name) => name, 0);
    this.#servers = new Map(hosts.map((host) => [host.url, new PlayedServer(host, this.#clock)]));
    this.#promptTokens = new Map(tasks.map(({ task, prompt_tokens = 0 }) => [task, prompt_tokens]));
    const { limit } = new InFlight(plan.limits.maxConcurrent);
    this.#queues = new Queues({
      limits: plan.limits,
      roomOf: (host) => this.#servers.get(host)?.room ?? 1,
      choose: (candidates) => chooseCandidates(candidates, allThere),
      look: (lane) => ({ ...this.#look(lane), limit: lane.normalName === '' ? Infinity : limit, resting: false }),
    });
  }

  play(): { loads: number; ms: number } {
    const nodes = [...this.#graph.nodes];
    this.#queues.expect(nodes);
    for (const node of nodes) {
      if (node.state !== 'blocked') continue;
      if (node.plan.problem) this.#end(node);
      else if (node.waitingFor === 0) this.#admit(node);
    }
    this.#pump();
    this.#clock.runAll();
    const loads = [...this.#servers.values()].reduce((sum, server) => sum + server.loads, 0);
    return { loads, ms: this.#endedAtMs };
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
    server.send(lane, { promptTokens, outputTokens: outputTokensOf(nodes), onEnd });
  }

  #look(lane: Lane): { loaded: boolean; loadMs: number; answerMs: number } {
    const server = this.#servers.get(lane.host);
    return server?.look(lane) ?? { loaded: true, loadMs: 0, answerMs: 1 };
  }
}

class PlayedServer {
  /** As the survey found it: more is learned only by running. */
  readonly room: number;
  readonly #model: ServerModel;
  readonly #models = new Map<string, VirtualModel>();
  readonly #host: FleetHost;

  constructor(host: FleetHost, clock: VirtualClock) {
    const loaded = host.models.filter((model) => model.loaded);
    this.#host = host;
    this.room = Math.max(1, loaded.length);
    const settings = { ...defaultServerSettings, maxLoaded: this.room, memoryBytes: Infinity, keepAliveMs: Infinity };
    this.#model = createServerModel({ settings, clock, random: () => 0 });
    for (const { name, loaded: held } of loaded) this.#model.scheduler.place(this.#modelOf(name), held?.context_length);
  }

  get loads(): number {
    return this.#model.scheduler.totalLoads;
  }

  look({ normalName, load }: Lane): { loaded: boolean; loadMs: number; answerMs: number } {
    const { loadMs, tokensPerSecond } = this.#modelOf(normalName);
    const held = this.#model.scheduler.loaded.get(normalName);
    const loaded = held !== undefined && (load.numCtx === undefined || load.numCtx === held.numCtx);
    return { loaded, loadMs, answerMs: (usualAnswer * 1000) / tokensPerSecond };
  }

  send(
    { normalName, load }: Lane,
    { onEnd, ...tokens }: { promptTokens: number; outputTokens: number; onEnd: () => void },
  ): void {
    const held = this.#model.scheduler.loaded.get(normalName);
    // What others have loaded is used as it is.
    const numCtx = load.numCtx ?? held?.numCtx;
    this.#model.send({ model: this.#modelOf(normalName), numCtx, ...tokens }, { onEnd });
  }

  #modelOf(name: string): VirtualModel {
    const normal = normalizeModelName(name);
    const known = this.#models.get(normal);
    if (known) return known;
    const found = this.#host.models.find((model) => normalizeModelName(model.name) === normal);
    const model = sketchModel({ name: normal, size_bytes: found?.size_bytes ?? 0 });
    this.#models.set(normal, model);
    return model;
  }
}

const allThere: Availability = { isDown: () => false, isResting: () => false, isModelMissing: () => false };

function outputTokensOf(nodes: readonly TaskNode[]): number {
  return nodes.reduce((sum, { plan: { options, spec } }) => {
    // What makes vectors writes nothing.
    if (spec.definition.batch) return sum;
    const limit = options?.['num_predict'];
    return sum + (typeof limit === 'number' && limit > 0 ? limit : usualAnswer);
  }, 0);
}
