import { ProblemError, type Problem } from '../errors/problem.ts';
import type { UnstampedEvent } from '../events/event.ts';
import { createDeferred } from '../lib/deferred.ts';
import type { Plan } from '../plan/plan.ts';
import { admit, elementsOf, isPassable, looksAtStatus } from './admit.ts';
import { findAnswer } from './find-answer.ts';
import { reachedLimit } from './budget.ts';
import { chooseCandidate } from './choose.ts';
import { earlierEnd, toOutput } from './earlier-end.ts';
import type { Emitter } from './emitter.ts';
import type { EnginePorts } from './engine-ports.ts';
import { endOfItems, outputOfItems } from './end-of-items.ts';
import { Hosts } from './hosts.ts';
import { Lanes, type Lane } from './lanes.ts';
import { ModelWatch } from './model-watch.ts';
import { Outputs } from './outputs.ts';
import { budgetReached, failFast } from './problems.ts';
import { Recovery } from './recovery.ts';
import { RequestRunner } from './request-runner.ts';
import { toRunFinished } from './run-finished.ts';
import { Tally } from './tally.ts';
import { createItems, type TaskNode } from './task-node.ts';
import { toFinishedEvent, withoutOutput, type TaskEnd } from './to-finished-event.ts';
import { blockedReason, laneReason, type WaitingReason } from './waiting-reason.ts';

/**
 * A run while it goes on: which task is in which state, and what follows from each end.
 *
 *   blocked ──all ended──▶ ready ──slot──▶ running ──▶ finished
 *      │  │                  ▲                │           ▲
 *      │  │ foreach          └── retrying ◀───┘           │
 *      │  └────▶ expanded ──all items ended───────────────┤
 *      └──a need failed, or the condition is false────────┘ (skipped)
 */
export class RunInProgress {
  readonly #plan: Plan;
  readonly #ports: EnginePorts;
  readonly #emitter: Emitter;
  /** All tasks, items of `foreach` steps behind those of the plan. */
  readonly #nodes: TaskNode[];
  readonly #lanes: Lanes;
  readonly #hosts: Hosts;
  readonly #watch: ModelWatch;
  readonly #outputs = new Outputs();
  readonly #tally: Tally;
  readonly #requests: RequestRunner;
  readonly #recovery: Recovery;
  readonly #closing = new AbortController();
  readonly #done = createDeferred<undefined>();
  /** Tasks whose end has not been kept and shown yet. */
  #open: number;
  /** Why the whole run was stopped. */
  #stopped: Problem | undefined;
  /** Why nothing new starts: the end of what has not begun. */
  #halted: ((node: TaskNode) => TaskEnd) | undefined;
  /** The limit that kept tasks from being started. */
  #limit: Problem | undefined;

  constructor(plan: Plan, nodes: readonly TaskNode[], ports: EnginePorts, emitter: Emitter) {
    const { clock } = ports;
    const { signal } = this.#closing;
    this.#plan = plan;
    this.#ports = ports;
    this.#emitter = emitter;
    this.#nodes = [...nodes];
    this.#open = nodes.length;
    this.#tally = new Tally(ports.earlier?.startedAt ?? clock.now());
    this.#hosts = new Hosts(emitter);
    this.#watch = new ModelWatch({ clock, signal });
    for (const [host, models] of ports.loaded) this.#watch.note(host, models);
    this.#lanes = new Lanes(plan.limits, (lane) => this.#watch.isLoaded(lane));
    this.#requests = new RequestRunner({ plan, ports, signal, emitter }, this.#watch, this.#outputs);
    this.#recovery = new Recovery({ ports, emitter, hosts: this.#hosts, lanes: this.#lanes }, {
      isHalted: () => this.#isHalted(),
      isStopped: () => this.#stopped !== undefined,
      makeReady: (node) => this.#makeReady(node),
      pump: () => this.#pump(),
    });
  }

  /** Starts, and resolves when every task has ended and the run with them. */
  async finished(): Promise<void> {
    for (const node of this.#nodes) this.#takeOver(node);
    for (const node of [...this.#nodes]) {
      if (node.state !== 'blocked') continue;
      if (node.plan.problem) void this.#end(node, { status: 'failed', problem: node.plan.problem });
      else if (node.waitingFor === 0) this.#admit(node);
      else this.#announce(node, blockedReason(node));
    }
    this.#pump();
    await this.#done.promise;
    await this.#requests.unload();
    await this.#emitter.commit(this.#finishedEvent(), (problem) => this.#finishedEvent(problem));
  }

  /** Ends the run now: requests are closed, and what has not ended is cancelled. */
  stop(problem: Problem): void {
    if (this.#stopped) return;
    if (this.#open > 0) this.#stopped = problem;
    this.#dropWaiting((node) => ({ status: 'cancelled', problem, partial: node.lastPartial }));
    this.#closing.abort(new ProblemError(problem));
  }

  /** A limit of the run is reached: nothing new starts, what runs ends. */
  exhaust(limit: string): void {
    if (this.#isHalted()) return;
    const problem = budgetReached(limit);
    this.#halt((node) => {
      this.#limit = problem;
      return afterHalt(node, problem);
    });
  }

  #isHalted(): boolean {
    return this.#stopped !== undefined || this.#halted !== undefined;
  }

  /** Starts whatever may start now, and tells the others why they wait. */
  #pump(): void {
    if (this.#open === 0) this.#done.resolve(undefined);
    if (this.#open === 0 || this.#isHalted()) return;
    for (let next = this.#lanes.take(); next; next = this.#lanes.take()) {
      this.#run(next.lane, next.nodes).catch((error: unknown) => this.#breakOff(error));
    }
    this.#lanes.endTurns();
    for (const lane of this.#lanes) {
      const reason = laneReason(lane);
      for (const node of lane.untold(reason.detail)) {
        this.#announce(node, reason);
        // Whoever watches may have stopped the run.
        if (this.#isHalted()) return;
      }
    }
  }

  /**
   * Sends a request and sees to what became of it. The slot is free again when all ends have been settled: tasks they
   * set free go first while their model is there.
   */
  async #run(lane: Lane, nodes: readonly TaskNode[]): Promise<void> {
    for (const node of nodes) node.state = 'running';
    const results = await this.#requests.send(lane, nodes);
    const ends = results.filter((result) => 'end' in result).map(({ node, end }) => this.#end(node, end));
    const failed = results.filter((result) => 'failure' in result);
    for (const lost of this.#recovery.retry(failed, nodes.length > 1)) {
      const { node, failure } = lost;
      const stopped = this.#stopped;
      ends.push(this.#end(node, stopped ? { ...failure, status: 'cancelled', problem: stopped } : failure));
      this.#recovery.giveUp(lost);
    }
    await Promise.all(ends);
    this.#lanes.release(lane);
    this.#pump();
  }

  /** A fault of ours: nothing more can be relied on. */
  #breakOff(error: unknown): void {
    this.#closing.abort(error);
    this.#done.reject(error);
  }

  /** A task whose needs have all ended: it goes on, or ends without having run. */
  #admit(node: TaskNode): void {
    const end = admit(node, this.#outputs);
    if (end) void this.#end(node, end);
    else if (node.plan.spec.foreach) this.#expand(node);
    else if (this.#ports.answers) void this.#look(node);
    else this.#makeReady(node);
  }

  /** Looks for an earlier answer before a model is asked for. */
  async #look(node: TaskNode): Promise<void> {
    const candidate = chooseCandidate(node.plan.candidates, this.#hosts);
    try {
      const end = await findAnswer(node, candidate, { plan: this.#plan, ports: this.#ports, outputs: this.#outputs });
      // The run may have been stopped meanwhile.
      if (node.state !== 'blocked') return;
      if (end) void this.#end(node, end);
      else this.#makeReady(node);
      this.#pump();
    } catch (error) {
      this.#breakOff(error);
    }
  }

  /** A `foreach` step becomes one task for each element. */
  #expand(node: TaskNode): void {
    const elements = elementsOf(node, this.#outputs);
    if ('code' in elements) return void this.#end(node, { status: 'failed', problem: elements });
    const { clock, newId, earlier } = this.#ports;
    const nodes = createItems(node, elements, (name) => earlier?.ids.get(name) ?? newId(), clock.now());
    node.state = 'expanded';
    node.startedAt = clock.now();
    node.items = { nodes, waiting: [...nodes], open: nodes.length };
    for (const item of nodes) this.#nodes.push(item);
    this.#open += nodes.length;
    this.#emitter.emit({ type: 'task.expanded', task: node.name, task_id: node.id, items: nodes.length });
    if (nodes.length === 0) return void this.#end(node, endOfItems(node, this.#stopped, clock.now()));
    for (const item of nodes) this.#takeOver(item);
    this.#releaseItems(node);
  }

  /** Lets so many items of a step go on as it allows. */
  #releaseItems({ items, plan }: TaskNode): void {
    if (!items) return;
    const max = plan.spec.foreach?.max_parallel ?? Infinity;
    const underWay = (): number => items.open - items.waiting.length;
    while (items.waiting.length > 0 && (underWay() < max || items.waiting[0]?.state === 'finished')) {
      const item = items.waiting.shift();
      if (item?.state === 'blocked' && !this.#isHalted()) this.#admitItem(item);
    }
  }

  #admitItem(item: TaskNode): void {
    if (this.#ports.answers) void this.#look(item);
    else this.#makeReady(item);
  }

  #makeReady(node: TaskNode): void {
    const { plan } = node;
    const candidate = chooseCandidate(plan.candidates, this.#hosts);
    if (!candidate && plan.spec.definition.needs) {
      const problem = node.lastProblem ?? this.#hosts.whyNone(plan.candidates);
      void this.#end(node, { status: 'failed', problem, partial: node.lastPartial });
      return;
    }
    node.readyAt ??= this.#ports.clock.now();
    node.state = 'ready';
    node.candidate = candidate && this.#hosts.explain(candidate, plan.candidates);
    node.fallback = candidate && this.#hosts.fallbackWarning(candidate, plan.candidates);
    this.#lanes.add(node, candidate);
  }

  /** What an earlier part of the run has done is not done again; a failure is told again, since it counts in this part, too. */
  #takeOver(node: TaskNode): void {
    const kept = this.#ports.earlier && earlierEnd(node, this.#ports.earlier);
    if (!kept) return;
    node.state = 'finished';
    node.status = kept.entry.status as TaskNode['status'];
    node.lastProblem = kept.entry.problem;
    if (node.status === 'failed') {
      void this.#emitter.commit(kept.event).then(() => this.#settle(node));
      return;
    }
    const output = toOutput(kept.entry, kept.items);
    ....
  }
