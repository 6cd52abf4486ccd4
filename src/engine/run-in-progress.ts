import { ProblemError, type Problem } from '../errors/problem.ts';
import type { UnstampedEvent } from '../events/event.ts';
import { createDeferred } from '../lib/deferred.ts';
import type { Plan } from '../plan/plan.ts';
import { chooseCandidate } from './choose.ts';
import type { Emitter } from './emitter.ts';
import type { EnginePorts } from './engine-ports.ts';
import { Hosts } from './hosts.ts';
import { Lanes, type Lane } from './lanes.ts';
import { ModelWatch } from './model-watch.ts';
import { Outputs } from './outputs.ts';
import { failFast, needsFailed, stoppedStatus } from './problems.ts';
import { RequestRunner, type FailedResult } from './request-runner.ts';
import { isHostProblem, mayBeAboutOne, retryDelayMs } from './retry.ts';
import { Tally } from './tally.ts';
import type { TaskNode } from './task-node.ts';
import { toFinishedEvent, withoutOutput, type TaskEnd } from './to-finished-event.ts';
import { blockedReason, laneReason, type WaitingReason } from './waiting-reason.ts';

/**
 * A run while it goes on: which task is in which state, and what follows from each end.
 *
 *   blocked ──all ended──▶ ready ──slot──▶ running ──▶ finished
 *      │                     ▲                │
 *      │ a need failed       └── retrying ◀───┘
 *      └──▶ finished (skipped)
 */
export class RunInProgress {
  readonly #plan: Plan;
  readonly #ports: EnginePorts;
  readonly #emitter: Emitter;
  readonly #nodes: readonly TaskNode[];
  readonly #lanes: Lanes;
  readonly #hosts: Hosts;
  readonly #watch: ModelWatch;
  readonly #outputs = new Outputs();
  readonly #tally: Tally;
  readonly #requests: RequestRunner;
  readonly #closing = new AbortController();
  readonly #done = createDeferred<undefined>();
  /** Tasks whose end has not been kept and shown yet. */
  #open: number;
  /** Why the whole run was stopped. */
  #stopped: Problem | undefined;
  /** The failure after which nothing new starts. */
  #lastStraw: TaskNode | undefined;

  constructor(plan: Plan, nodes: readonly TaskNode[], ports: EnginePorts, emitter: Emitter) {
    const { clock } = ports;
    const { signal } = this.#closing;
    this.#plan = plan;
    this.#ports = ports;
    this.#emitter = emitter;
    this.#nodes = nodes;
    this.#open = nodes.length;
    this.#tally = new Tally(clock.now());
    this.#hosts = new Hosts(emitter);
    this.#watch = new ModelWatch({ clock, signal });
    for (const [host, models] of ports.loaded) this.#watch.note(host, models);
    this.#lanes = new Lanes(plan.limits, (lane) => this.#watch.isLoaded(lane));
    this.#requests = new RequestRunner({ plan, ports, signal, emitter }, this.#watch, this.#outputs);
  }

  /** Starts, and resolves when every task has ended and the run with them. */
  async finished(): Promise<void> {
    for (const node of this.#nodes) {
      if (node.state === 'finished') continue;
      if (node.plan.problem) void this.#end(node, { status: 'failed', problem: node.plan.problem });
      else if (node.waitingFor === 0) this.#makeReady(node);
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

  #isHalted(): boolean {
    return this.#stopped !== undefined || this.#lastStraw !== undefined;
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
    // One number for all: a batch that is sent again stays together.
    const random = this.#ports.random();
    const again = new Map<number, TaskNode[]>();
    const settled = results.map((result) => {
      if ('end' in result) return this.#end(result.node, result.end);
      const delayMs = this.#nextAttemptIn(result, nodes.length > 1, random);
      if (delayMs === undefined) return this.#fail(result);
      again.set(delayMs, [...(again.get(delayMs) ?? []), result.node]);
      return undefined;
    });
    for (const [delayMs, failed] of again) this.#retry(failed, delayMs);
    await Promise.all(settled.filter((ended) => ended !== undefined));
    this.#lanes.release(lane);
    this.#pump();
  }

  /** A fault of ours: nothing more can be relied on. */
  #breakOff(error: unknown): void {
    this.#closing.abort(error);
    this.#done.reject(error);
  }

  /** Milliseconds until the next attempt of a task that failed; undefined when there is to be none. */
  #nextAttemptIn(failed: FailedResult, wasBatch: boolean, random: number): number | undefined {
    const { node, problem, delivered, failure } = failed;
    node.lastProblem = problem;
    node.lastPartial = failure.partial;
    if (this.#isHalted()) return undefined;
    if (!delivered && this.#canMove(node, problem)) return 0;
    const { attempts: attempt, invalidAnswers, plan } = node;
    const delayMs = retryDelayMs({ problem, delivered, attempt, invalidAnswers }, plan.retries, random);
    if (delayMs !== undefined || !wasBatch || !mayBeAboutOne(problem)) return delayMs;
    node.alone = true;
    return 0;
  }

  #fail({ node, problem, delivered, failure }: FailedResult): Promise<void> {
    const stopped = this.#stopped;
    const ended = this.#end(node, stopped ? { ...failure, status: 'cancelled', problem: stopped } : failure);
    if (node.candidate && !delivered && isHostProblem(problem)) this.#loseHost(node.candidate.host, problem);
    return ended;
  }

  /** Whether another candidate can take the task at once; what failed is not asked again. */
  #canMove({ candidate, plan }: TaskNode, problem: Problem): boolean {
    if (!candidate) return false;
    if (problem.code === 'model-missing') {
      this.#hosts.markMissing(candidate, problem);
      this.#reroute(candidate.host);
    } else if (isHostProblem(problem) && plan.candidates.some(({ host }) => host !== candidate.host)) {
      this.#loseHost(candidate.host, problem);
    } else {
      return false;
    }
    return chooseCandidate(plan.candidates, this.#hosts) !== undefined;
  }

  /** Puts tasks of one request back, together. */
  #retry(nodes: readonly TaskNode[], delayMs: number): void {
    const delay_ns = Math.round(delayMs * 1e6);
    for (const node of nodes) node.state = 'retrying';
    for (const { name: task, id: task_id, attempts: attempt, state, lastProblem: problem } of nodes) {
      // Whoever watches may have stopped the run.
      if (problem && state === 'retrying')
        this.#emitter.emit({ type: 'task.retrying', task, task_id, attempt, delay_ns, problem });
    }
    if (this.#stopped) return;
    const goOn = (): void => {
      // Each goes to the front of its queue: the first one last.
      for (const node of [...nodes].reverse()) if (node.state === 'retrying') this.#makeReady(node);
    };
    if (delayMs === 0) {
      goOn();
      return;
    }
    const cancel = this.#ports.clock.after(delayMs, () => {
      goOn();
      this.#pump();
    });
    for (const node of nodes) node.cancelRetry = cancel;
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

  /** Nothing more is sent there; tasks that wait for it go elsewhere, or fail. */
  #loseHost(host: string, problem: Problem): void {
    this.#hosts.markDown(host, problem);
    this.#reroute(host);
  }

  #reroute(host: string): void {
    for (const node of this.#lanes.drain(host)) this.#makeReady(node);
  }

  /** Resolves when the end has been kept and shown, and what follows from it was done. Never rejects. */
  #end(node: TaskNode, end: TaskEnd): Promise<void> {
    if (node.state === 'finished') return Promise.resolve();
    return this.#endOnce(node, end).catch((error: unknown) => this.#breakOff(error));
  }

  async #endOnce(node: TaskNode, end: TaskEnd): Promise<void> {
    node.state = 'finished';
    node.lastProblem = end.problem;
    if (end.status === 'failed' && this.#plan.limits.failFast) this.#lastStraw ??= node;
    if (end.status === 'completed') this.#outputs.keep(node, end.outcome?.output ?? '');
    this.#outputs.release(node);
    const event = toFinishedEvent(node, end, this.#ports.clock.now());
    const problem = await this.#emitter.commit(event, (lost) => withoutOutput(event, lost));
    this.#tally.add(problem && end.status === 'completed' ? 'failed' : end.status, end.metrics);
    this.#settle(node, !problem && (end.status === 'completed' || end.status === 'reused'));
  }

  /** What a task's end means for those that wait for it. */
  #settle(node: TaskNode, isSuccess: boolean): void {
    this.#open -= 1;
    for (const dependent of node.dependents) {
      if (isSuccess) this.#unblock(dependent);
      else if (dependent.state === 'blocked') {
        dependent.failedNeed = node.failedNeed ?? node;
        void this.#end(dependent, { status: 'skipped', problem: needsFailed(dependent, node) });
      }
    }
    if (node.follower) this.#unblock(node.follower);
    if (node === this.#lastStraw) this.#dropWaiting((other) => afterLastStraw(other, node));
    this.#pump();
  }

  #unblock(node: TaskNode): void {
    node.waitingFor -= 1;
    if (node.waitingFor === 0 && node.state === 'blocked') this.#makeReady(node);
  }

  /** Ends everything that is not under way. */
  #dropWaiting(endOf: (node: TaskNode) => TaskEnd): void {
    this.#lanes.drain();
    for (const node of this.#nodes) {
      if (node.state === 'running' || node.state === 'finished') continue;
      node.cancelRetry?.();
      void this.#end(node, endOf(node));
    }
  }

  #announce(node: TaskNode, reason: WaitingReason): void {
    this.#emitter.emit({ type: 'task.waiting', task: node.name, task_id: node.id, ...reason });
  }

  /** @param lost why not even this can be kept */
  #finishedEvent(lost?: Problem): UnstampedEvent {
    const problem = this.#stopped ?? lost;
    const failed = this.#tally.count('failed');
    const status = problem ? stoppedStatus(problem) : failed > 0 ? 'failed' : 'completed';
    const noun = this.#plan.run_type === 'workflow' ? 'steps' : 'tasks';
    return {
      type: 'run.finished',
      status,
      totals: this.#tally.totals(this.#watch.loads, this.#ports.clock.now()),
      ...(failed > 0 && { error: `${failed} of ${this.#nodes.length} ${noun} failed` }),
      ...(problem && { error: problem.message, problem }),
    };
  }
}

/** Under way when the last straw broke: it failed by itself. Everything else was not started for it. */
function afterLastStraw(node: TaskNode, lastStraw: TaskNode): TaskEnd {
  const { attempts, lastProblem, lastPartial } = node;
  if (attempts > 0 && lastProblem) return { status: 'failed', problem: lastProblem, partial: lastPartial };
  return { status: 'skipped', problem: failFast(lastStraw) };
}
