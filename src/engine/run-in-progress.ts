import { ProblemError, toProblem, type Problem } from '../errors/problem.ts';
import type { RunStatus } from '../events/run-document.ts';
import { createDeferred } from '../lib/deferred.ts';
import type { Plan } from '../plan/plan.ts';
import { chooseCandidate } from './choose.ts';
import type { Emitter } from './emitter.ts';
import type { EnginePorts } from './execute-plan.ts';
import { Hosts } from './hosts.ts';
import { Lanes, type Lane } from './lanes.ts';
import { ModelWatch } from './model-watch.ts';
import { Outputs } from './outputs.ts';
import { failFast, needsFailed, stoppedStatus } from './problems.ts';
import { RequestRunner, type FailedRequest } from './request-runner.ts';
import { retryDelayMs } from './retry.ts';
import { Tally } from './tally.ts';
import type { TaskNode } from './task-node.ts';
import { toFinishedEvent, type TaskEnd } from './to-finished-event.ts';
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
  #unfinished: number;
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
    this.#unfinished = this.#nodes.length;
    this.#tally = new Tally(clock.now());
    this.#hosts = new Hosts(emitter);
    this.#watch = new ModelWatch({ clock, signal });
    for (const [host, models] of ports.loaded) this.#watch.note(host, models);
    this.#lanes = new Lanes(plan.limits, (host, model) => this.#watch.isLoaded(host, model));
    this.#requests = new RequestRunner({ plan, ports, signal, emitter }, this.#watch, this.#outputs);
  }

  /** Starts, and resolves when every task has ended and the run with them. */
  async finished(): Promise<void> {
    for (const node of this.#nodes) {
      if (node.state === 'finished') continue;
      if (node.plan.problem) this.#end(node, { status: 'failed', problem: node.plan.problem });
      else if (node.waitingFor === 0) this.#makeReady(node);
      else this.#announce(node, blockedReason(node));
    }
    this.#pump();
    await this.#done.promise;
    await this.#requests.unload();
    await this.#emitter.commit({
      type: 'run.finished',
      status: this.#status(),
      totals: this.#tally.totals(this.#watch.loads, this.#ports.clock.now()),
      ...this.#runError(),
    });
  }

  /** Ends the run now: requests are closed, and what has not ended is cancelled. */
  stop(problem: Problem): void {
    if (this.#stopped) return;
    this.#stopped = problem;
    this.#dropWaiting((node) => ({ status: 'cancelled', problem, partial: node.lastPartial }));
    this.#closing.abort(new ProblemError(problem));
  }

  get #isHalted(): boolean {
    return this.#stopped !== undefined || this.#lastStraw !== undefined;
  }

  /** Starts whatever may start now, and tells the others why they wait. */
  #pump(): void {
    if (this.#unfinished === 0) this.#done.resolve(undefined);
    if (this.#unfinished === 0 || this.#isHalted) return;
    for (let next = this.#lanes.take(); next; next = this.#lanes.take()) {
      this.#run(next.lane, next.nodes).catch(this.#done.reject);
    }
    this.#lanes.endTurns();
    for (const lane of this.#lanes) {
      const reason = laneReason(lane);
      for (const node of lane.untold(reason.detail)) this.#announce(node, reason);
    }
  }

  async #run(lane: Lane, nodes: readonly TaskNode[]): Promise<void> {
    for (const node of nodes) node.state = 'running';
    const results = await this.#requests.send(lane, nodes);
    this.#lanes.release(lane);
    for (const result of results) {
      if ('end' in result) this.#end(result.node, result.end);
      else this.#afterFailure(result.node, result, nodes.length > 1);
    }
    this.#pump();
  }

  /** A request failed: another candidate, another attempt, or the end of the task. */
  #afterFailure(node: TaskNode, failed: FailedRequest, wasBatch: boolean): void {
    const { problem, failure } = failed;
    const { candidate, attempts: attempt } = node;
    node.lastProblem = problem;
    node.lastPartial = failure.partial;
    if (this.#stopped) return this.#end(node, { ...failure, status: 'cancelled', problem: this.#stopped });
    if (this.#lastStraw) return this.#end(node, failure);
    if (wasBatch && !isHostProblem(problem) && problem.code !== 'timeout') {
      node.alone = true;
      return this.#retry(node, problem, 0);
    }
    if (candidate && !failed.delivered && this.#canMove(node, problem)) return this.#retry(node, problem, 0);
    const delayMs = retryDelayMs({ ...failed, attempt }, node.plan.retries, this.#ports.random());
    if (delayMs !== undefined) return this.#retry(node, problem, delayMs);
    this.#end(node, failure);
    if (candidate && !failed.delivered && isHostProblem(problem)) this.#loseHost(candidate.host, problem);
  }

  /** Whether another candidate can take the task at once; what failed is not asked again. */
  #canMove(node: TaskNode, problem: Problem): boolean {
    const { candidate, plan } = node;
    if (!candidate) return false;
    if (problem.code === 'model-missing') this.#hosts.markMissing(candidate, problem);
    else if (!isHostProblem(problem) || !plan.candidates.some(({ host }) => host !== candidate.host)) return false;
    else this.#loseHost(candidate.host, problem);
    const next = chooseCandidate(plan.candidates, this.#hosts);
    if (!next) return false;
    node.warnings.push({
      code: 'model-fallback',
      message: `${problem.message}; ${next.model} on ${next.host} takes its place`,
    });
    return true;
  }

  #retry(node: TaskNode, problem: Problem, delayMs: number): void {
    const { name: task, id: task_id, attempts: attempt } = node;
    node.state = 'retrying';
    this.#emitter.emit({ type: 'task.retrying', task, task_id, attempt, delay_ns: Math.round(delayMs * 1e6), problem });
    if (delayMs === 0) return this.#makeReady(node);
    node.cancelRetry = this.#ports.clock.after(delayMs, () => {
      this.#makeReady(node);
      this.#pump();
    });
  }

  #makeReady(node: TaskNode): void {
    const { plan } = node;
    const candidate = chooseCandidate(plan.candidates, this.#hosts);
    if (!candidate && plan.spec.definition.needs) {
      const problem = node.lastProblem ?? this.#whyNone(node);
      return this.#end(node, { status: 'failed', problem, partial: node.lastPartial });
    }
    if (node.attempts === 0) node.readyAt = this.#ports.clock.now();
    node.state = 'ready';
    node.candidate = candidate && this.#explained(node, candidate);
    this.#lanes.add(node, candidate);
  }

  /** Every candidate of the plan has been lost since. */
  #whyNone({ plan }: TaskNode): Problem {
    const [first] = plan.candidates;
    return (
      (first && this.#hosts.problemOf(first)) ?? { code: 'internal', message: 'a task was planned without a model' }
    );
  }

  #explained(node: TaskNode, candidate: NonNullable<TaskNode['candidate']>): TaskNode['candidate'] {
    const [first] = node.plan.candidates;
    const lost = first && first !== candidate ? this.#hosts.problemOf(first) : undefined;
    return lost ? { ...candidate, reasons: [lost.message, ...candidate.reasons] } : candidate;
  }

  /** Nothing more is sent there; tasks that wait for it go elsewhere, or fail. */
  #loseHost(host: string, problem: Problem): void {
    this.#hosts.markDown(host, problem);
    for (const node of this.#lanes.drain(host)) this.#makeReady(node);
  }

  #end(node: TaskNode, end: TaskEnd): void {
    if (node.state === 'finished') return;
    node.state = 'finished';
    node.lastProblem = end.problem;
    this.#unfinished -= 1;
    this.#tally.add(end.status, end.metrics);
    if (end.status === 'failed' && this.#plan.limits.failFast) this.#lastStraw ??= node;
    if (end.status === 'completed') this.#outputs.keep(node, end.outcome?.output ?? '');
    this.#outputs.release(node);
    this.#emitter
      .commit(toFinishedEvent(node, end, this.#ports.clock.now()))
      .catch((error: unknown) => this.stop(toProblem(error)))
      .finally(() => this.#settle(node, end.status === 'completed' || end.status === 'reused'))
      .catch(this.#done.reject);
  }

  /** What a task's end means for those that wait for it. */
  #settle(node: TaskNode, isSuccess: boolean): void {
    for (const dependent of node.dependents) {
      if (isSuccess) this.#unblock(dependent);
      else if (dependent.state === 'blocked') {
        this.#end(dependent, { status: 'skipped', problem: needsFailed(dependent, node) });
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
      this.#end(node, endOf(node));
    }
  }

  #announce(node: TaskNode, reason: WaitingReason): void {
    this.#emitter.emit({ type: 'task.waiting', task: node.name, task_id: node.id, ...reason });
  }

  #status(): RunStatus {
    if (this.#stopped) return stoppedStatus(this.#stopped);
    return this.#tally.count('failed') > 0 ? 'failed' : 'completed';
  }

  #runError(): { error?: string; problem?: Problem } {
    if (this.#stopped) return { error: this.#stopped.message, problem: this.#stopped };
    const failed = this.#tally.count('failed');
    if (failed === 0) return {};
    const noun = this.#plan.run_type === 'workflow' ? 'steps' : 'tasks';
    return { error: `${failed} of ${this.#nodes.length} ${noun} failed` };
  }
}

function afterLastStraw(node: TaskNode, lastStraw: TaskNode): TaskEnd {
  if (node.state === 'retrying' && node.lastProblem) return { status: 'failed', problem: node.lastProblem };
  return { status: 'skipped', problem: failFast(lastStraw) };
}

function isHostProblem({ code }: Problem): boolean {
  return code === 'host-unreachable' || code === 'host-gone';
}
