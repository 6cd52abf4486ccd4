// In: tasks that are ready. Out: how each of them ended. Effects: the requests.
import type { Problem } from '../errors/problem.ts';
import type { Candidate } from '../events/plan-snapshot.ts';
import type { Savings } from '../events/run-document.ts';
import type { Plan } from '../plan/plan.ts';
import { candidateAt } from './batch.ts';
import { chooseCandidates } from './choose.ts';
import type { Emitter } from './emitter.ts';
import type { EnginePorts } from './engine-ports.ts';
import { Hosts } from './hosts.ts';
import { Meter, type RunMeter } from './meter.ts';
import { ModelWatch } from './model-watch.ts';
import type { Outputs } from './outputs.ts';
import { Queues, type Lane } from './queues.ts';
import { Recovery } from './recovery.ts';
import { RequestRunner } from './request/request-runner.ts';
import { savingsOf } from './savings.ts';
import type { PreloadServer } from './preload.ts';
import type { LaneView } from './schedule.ts';
import type { TaskNode } from './task-node.ts';
import type { Seat } from './turns.ts';
import type { TaskEnd } from './to-finished-event.ts';
import { newReasons, type WaitingReason } from './waiting-reason.ts';

/** What dispatch asks of the run it serves. */
export interface DispatchRun {
  /** Nothing new is started any more. */
  isHalted: () => boolean;
  /** Why the run was stopped as a whole. */
  stopped: () => Problem | undefined;
  /** Resolves when the end of a task has been kept, and what follows from it was done. */
  end: (node: TaskNode, end: TaskEnd) => Promise<void>;
  announce: (node: TaskNode, reason: WaitingReason) => void;
  /** Something may start now. */
  pump: () => void;
  /** A fault of ours. */
  breakOff: (error: unknown) => void;
}

/** Brings tasks that are ready to the servers: which one goes where and when, and what follows when that fails. */
export class Dispatch {
  readonly #ports: EnginePorts;
  readonly #run: DispatchRun;
  readonly #maxConcurrent: number;
  readonly #mayPreload: boolean;
  readonly #closing = new AbortController();
  readonly #hosts: Hosts;
  readonly #watch: ModelWatch;
  readonly #meter: RunMeter;
  readonly #queues: Queues;
  readonly #seat: Seat | undefined;
  readonly #requests: RequestRunner;
  readonly #recovery: Recovery;

  constructor(
    { plan, ports, emitter, outputs }: { plan: Plan; ports: EnginePorts; emitter: Emitter; outputs: Outputs },
    run: DispatchRun,
  ) {
    const { clock, clients } = ports;
    const { signal } = this.#closing;
    this.#ports = ports;
    this.#maxConcurrent = plan.limits.maxConcurrent;
    this.#run = run;
    // A single server is at work. What a limit counts, or an earlier answer may save, is not done before it is asked for.
    this.#mayPreload = clients.size > 1 && plan.limits.budget === undefined && ports.answers === undefined;
    this.#hosts = new Hosts({ clients, clock, signal, emitter, onChange: () => this.#reroute() });
    this.#watch = new ModelWatch({ clock, signal });
    for (const [host, models] of ports.loaded) this.#watch.note(host, models);
    this.#seat = ports.turns?.join(() => run.pump());
    const { meter: shared = new Meter(), speeds: known } = ports;
    this.#meter = shared.join(plan.limits.maxConcurrent, { known, seat: this.#seat });
    this.#queues = new Queues({
      limits: plan.limits,
      roomOf: (host) => this.#watch.roomOf(host),
      choose: (candidates) => chooseCandidates(candidates, this.#hosts),
      look: (lane) => this.#look(lane),
    });
    const { watch, meter } = { watch: this.#watch, meter: this.#meter };
    this.#requests = new RequestRunner({ plan, ports, signal, emitter, outputs, watch, meter });
    this.#recovery = new Recovery(
      { ports, emitter, hosts: this.#hosts },
      {
        isHalted: run.isHalted,
        isStopped: () => run.stopped() !== undefined,
        makeReady: (node) => this.makeReady(node),
        expectBack: (node, delayMs) => this.#queues.expectBack(node, delayMs),
        pump: run.pump,
      },
    );
  }

  /** Loads our work caused so far. */
  get loads(): number {
    return this.#watch.loads;
  }

  /** What the order of the tasks has saved. */
  savings(nodes: readonly TaskNode[]): Savings | undefined {
    const { loaded } = this.#ports;
    return savingsOf(nodes, {
      loads: this.#watch.loads,
      roomOf: (host) => this.#watch.roomOf(host),
      loadedOn: (host) => loaded.get(host) ?? [],
      loadMs: (place) => this.#meter.loadMs(place),
      maxConcurrent: this.#maxConcurrent,
    });
  }

  /** Counts tasks that are to come. */
  expect(nodes: readonly TaskNode[]): void {
    this.#queues.expect(nodes);
  }

  /** A task has ended. */
  settle(node: TaskNode): void {
    this.#queues.settle(node);
  }

  /** The candidate a task would go to now. */
  candidateOf({ plan }: TaskNode): Candidate | undefined {
    return chooseCandidates(plan.candidates, this.#hosts)[0];
  }

  /** A task may run as soon as there is room for it, unless no server is left for it. */
  makeReady(node: TaskNode): void {
    const { candidates, spec } = node.plan;
    node.readyAt ??= this.#ports.clock.now();
    node.state = 'ready';
    if (spec.definition.needs && !this.candidateOf(node)) {
      const problem = node.lastProblem ?? this.#hosts.whyNone(candidates);
      void this.#run.end(node, { status: 'failed', problem, partial: node.lastPartial });
      return;
    }
    this.#queues.add(node);
  }

  /** Starts whatever may start now, and tells the others why they wait. */
  pump(): void {
    for (let next = this.#queues.take(); next; next = this.#queues.take()) {
      this.#seat?.start(next.lane, next.nodes.length);
      this.#send(next.lane, next.nodes).catch((error: unknown) => this.#run.breakOff(error));
    }
    this.#queues.endTurns();
    this.#preload();
    this.#tellOthers();
    for (const { node, reason } of newReasons(this.#queues.stuck())) {
      this.#run.announce(node, reason);
      // Whoever watches may have stopped the run.
      if (this.#run.isHalted()) return;
    }
  }

  /** Forgets what waits. */
  drain(): void {
    this.#queues.drain();
    this.#tellOthers();
  }

  /** Closes all requests. */
  abort(reason: unknown): void {
    this.#closing.abort(reason);
  }

  /** After the last task. */
  async finish(): Promise<void> {
    this.#hosts.close();
    this.#seat?.leave();
    this.#meter.leave();
    await this.#requests.unload();
  }

  /**
   * Sends a request and sees to what became of it. The slot is free again when all ends have been settled: tasks they
   * set free go first while their model is there.
   */
  async #send(lane: Lane, nodes: readonly TaskNode[]): Promise<void> {
    for (const node of nodes) this.#assign(node, lane);
    const results = await this.#requests.send(lane, nodes);
    const ends = results.filter((result) => 'end' in result).map(({ node, end }) => this.#run.end(node, end));
    const failed = results.filter((result) => 'failure' in result);
    for (const lost of this.#recovery.retry(failed, nodes.length > 1)) {
      const { node, failure } = lost;
      const stopped = this.#run.stopped();
      ends.push(this.#run.end(node, stopped ? { ...failure, status: 'cancelled', problem: stopped } : failure));
      this.#recovery.giveUp(lost);
    }
    await Promise.all(ends);
    this.#queues.release(lane, nodes);
    this.#seat?.end(lane);
    this.#run.pump();
  }

  #assign(node: TaskNode, lane: Lane): void {
    const { candidates } = node.plan;
    const candidate = candidateAt(candidates, lane);
    node.state = 'running';
    node.candidate = candidate && this.#hosts.explain(candidate, candidates);
    node.fallback = candidate && this.#hosts.fallbackWarning(candidate, candidates);
  }

  #look(lane: Lane): Pick<LaneView, 'loaded' | 'resting' | 'limit' | 'loadMs' | 'answerMs'> {
    // What is loaded ahead is there by the time its task starts, or soon after.
    const isThere = this.#watch.isLoaded(lane) || this.#requests.preloads.isUnderWay(lane);
    const loaded = lane.normalName === '' || isThere;
    const resting = this.#hosts.isResting(lane.host) || this.#seat?.mayStart(lane) === false;
    return { loaded, resting, ...this.#meter.look(lane) };
  }

  /** Has models loaded that are needed soon, where that is in nobody's way. */
  #preload(): void {
    if (!this.#mayPreload || this.#run.isHalted()) return;
    const { preloads } = this.#requests;
    const serverOf = (host: string): PreloadServer => ({
      held: this.#watch.heldOn(host),
      room: this.#watch.roomOf(host),
      isFree: preloads.isFree(host) && this.#seat?.isAlone(host) !== false,
    });
    for (let next = this.#queues.preload(serverOf); next; next = this.#queues.preload(serverOf)) {
      const { lane, node } = next;
      this.#seat?.start(lane, 0);
      const onEnd = (): void => {
        this.#queues.release(lane, []);
        this.#seat?.end(lane);
        this.#run.pump();
      };
      preloads.load(lane, node.plan).then(onEnd, (error: unknown) => this.#run.breakOff(error));
    }
  }

  /** What waits for which model, for other runs on the same servers. */
  #tellOthers(): void {
    if (!this.#seat) return;
    for (const [lane, waiting] of this.#queues.waiting()) {
      if (lane.normalName !== '') this.#seat.want(lane, waiting, this.#watch.roomOf(lane.host));
    }
  }

  /** What waits goes where it can go now. */
  #reroute(): void {
    if (this.#run.isHalted()) return;
    for (const node of this.#queues.drain()) this.makeReady(node);
    this.#run.pump();
  }
}
