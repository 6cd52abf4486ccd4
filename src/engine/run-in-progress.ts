import { ProblemError, type Problem } from '../errors/problem.ts';
import type { TaskFinished, UnstampedEvent } from '../events/event.ts';
import type { Savings } from '../events/run-document.ts';
import { createDeferred } from '../lib/deferred.ts';
import { modelKey } from '../plan/model-facts.ts';
import type { Plan } from '../plan/plan.ts';
import { admit, afterHalt, elementsOf, isPassable } from './admit.ts';
import { reachedLimit } from './budget.ts';
import { Dispatch } from './dispatch.ts';
import { markEnded } from './earlier-end.ts';
import type { Emitter } from './emitter.ts';
import { endOfItems, outputOfItems } from './end-of-items.ts';
import type { Answers, EnginePorts } from './engine-ports.ts';
import { findAnswer } from './find-answer.ts';
import { Halt } from './halt.ts';
import { Outputs } from './outputs.ts';
import type { Output } from './output.ts';
import { budgetReached, failFast } from './problems.ts';
import { toRunFinished } from './run-finished.ts';
import { Tally } from './tally.ts';
import type { TaskGraph } from './task-graph.ts';
import { mostPlayed } from './savings.ts';
import { forgetAttempts, type TaskNode } from './task-node.ts';
import { toFinishedEvent, withoutOutput, type TaskEnd } from './to-finished-event.ts';
import { blockedReason, type WaitingReason } from './waiting-reason.ts';

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
  readonly #graph: TaskGraph;
  readonly #dispatch: Dispatch;
  readonly #outputs = new Outputs();
  readonly #tally: Tally;
  readonly #done = createDeferred<undefined>();
  readonly #halt = new Halt();

  constructor(plan: Plan, graph: TaskGraph, ports: EnginePorts, emitter: Emitter) {
    this.#plan = plan;
    this.#ports = ports;
    this.#emitter = emitter;
    this.#graph = graph;
    this.#tally = new Tally(ports.clock.now() - (ports.earlier?.takenMs ?? 0));
    this.#dispatch = new Dispatch(
      { plan, ports, emitter, outputs: this.#outputs },
      {
        isHalted: () => this.#halt.isOn(),
        stopped: () => this.#halt.stopped,
        end: (node, end) => this.#end(node, end),
        announce: (node, reason) => this.#announce(node, reason),
        pump: () => this.#pump(),
        breakOff: (error) => this.#breakOff(error),
      },
    );
  }

  /** Starts, and resolves when every task has ended and the run with them. */
  async finished(): Promise<void> {
    const nodes = [...this.#graph.nodes];
    this.#dispatch.expect(nodes);
    this.#takeOver(nodes);
    for (const node of nodes) {
      if (node.state !== 'blocked') continue;
      if (node.plan.problem) void this.#end(node, { status: 'failed', problem: node.plan.problem });
      else if (node.waitingFor === 0) this.#admit(node);
      else this.#announce(node, blockedReason(node));
    }
    this.#pump();
    await this.#done.promise;
    await this.#dispatch.finish();
    const savings = this.#ports.earlier ? undefined : this.#dispatch.savings(this.#graph.nodes);
    const finished = (problem?: Problem): UnstampedEvent => this.#finishedEvent(savings, problem);
    await this.#emitter.commit(finished(), finished);
  }

  /** Ends the run now: requests are closed, and what has not ended is cancelled. */
  stop(problem: Problem): void {
    if (this.#halt.stopped) return;
    if (this.#graph.open > 0) this.#halt.stopped = problem;
    this.#dropWaiting((node) => ({ status: 'cancelled', problem, partial: node.lastPartial }));
    this.#dispatch.abort(new ProblemError(problem));
  }

  /** A limit of the run is reached: nothing new starts, what runs ends. */
  exhaust(limit: string): void {
    if (this.#halt.isOn()) return;
    this.#halt.isExhausted = true;
    const problem = budgetReached(limit);
    this.#dropWaiting((node) => {
      this.#halt.limit = problem;
      return afterHalt(node, problem);
    });
  }

  /** Starts whatever may start now, and tells the others why they wait. */
  #pump(): void {
    if (this.#graph.open === 0) this.#done.resolve(undefined);
    if (this.#graph.open === 0 || this.#halt.isOn()) return;
    this.#dispatch.pump();
  }

  /** A fault of ours: nothing more can be relied on. */
  #breakOff(error: unknown): void {
    this.#dispatch.abort(error);
    this.#done.reject(error);
  }

  /** A task whose needs have all ended, or must not end any more: it goes on, or ends without having run. */
  #admit(node: TaskNode): void {
    const end = admit(node, this.#outputs);
    if (end) void this.#end(node, end);
    else if (node.plan.spec.foreach) this.#expand(node);
    else this.#lookOrReady(node);
  }

  #lookOrReady(node: TaskNode): void {
    const { answers } = this.#ports;
    if (answers) this.#look(node, answers).catch((error: unknown) => this.#breakOff(error));
    else this.#dispatch.makeReady(node);
  }

  /** Looks for an earlier answer before a model is asked for. */
  async #look(node: TaskNode, answers: Answers): Promise<void> {
    const candidate = this.#dispatch.candidateOf(node);
    const end = await findAnswer(node, candidate, { plan: this.#plan, answers, outputs: this.#outputs });
    // The run may have been stopped meanwhile.
    if (node.state !== 'blocked') return;
    if (end) void this.#end(node, end);
    else this.#dispatch.makeReady(node);
    this.#pump();
  }

  /** A `foreach` step becomes one task for each element. */
  #expand(node: TaskNode): void {
    const elements = elementsOf(node, this.#outputs);
    if ('code' in elements) return void this.#end(node, { status: 'failed', problem: elements });
    const now = this.#ports.clock.now();
    const items = this.#graph.expand(node, elements, now);
    node.state = 'expanded';
    node.startedAt = now;
    this.#emitter.emit({ type: 'task.expanded', task: node.name, task_id: node.id, items: items.length });
    this.#dispatch.expect(items);
    this.#takeOver(items);
    this.#goOnWithItems(node);
  }

  /** Lets so many items of a step go on as it allows; after the last one the step has ended. */
  #goOnWithItems(parent: TaskNode): void {
    if (!parent.items || parent.state === 'finished') return;
    if (!this.#halt.isOn()) for (const item of this.#graph.takeItems(parent)) this.#lookOrReady(item);
    if (parent.items.open > 0) return;
    void this.#end(parent, endOfItems(parent, this.#halt.stopped, this.#ports.clock.now()));
    for (const item of parent.items.nodes) item.output = undefined;
  }

  /** What earlier parts of the run have done is not done again. A failure is told again: it counts in this part, too. */
  #takeOver(nodes: readonly TaskNode[]): void {
    const { earlier } = this.#ports;
    if (!earlier) return;
    const ended = markEnded(nodes, earlier);
    for (const { node, entry, status, output, costs } of ended) {
      for (const cost of costs) this.#tally.addEarlierCost(cost.metrics);
      if (!node.parent) this.#tally.count(status);
      this.#noteFailure(node);
      if (status === 'failed') void this.#tellAgain(node, entry);
      else this.#leave(node, output);
    }
    for (const { node, status } of ended) {
      if (status === 'failed') continue;
      this.#dispatch.settle(node);
      this.#graph.release(node);
    }
  }

  async #tellAgain(node: TaskNode, { seq: _seq, at: _at, run_id: _run, ...event }: TaskFinished): Promise<void> {
    await this.#emitter.commit(event);
    this.#settle(node);
  }

  #noteFailure(node: TaskNode): void {
    if (node.status === 'failed' && this.#plan.limits.failFast && !isPassable(node)) this.#halt.lastStraw ??= node;
  }

  #leave(node: TaskNode, output: Output): void {
    if (node.parent) node.output = output;
    else this.#outputs.keep(node, output);
  }

  /** Resolves when the end has been kept and shown, and what follows from it was done. Never rejects. */
  #end(node: TaskNode, end: TaskEnd): Promise<void> {
    if (node.state === 'finished') return Promise.resolve();
    return this.#endOnce(node, end).catch((error: unknown) => this.#breakOff(error));
  }

  async #endOnce(node: TaskNode, end: TaskEnd): Promise<void> {
    const { status, outcome, structured, metrics, problem } = end;
    node.state = 'finished';
    node.status = status;
    node.metrics = metrics;
    node.lastProblem = problem;
    this.#noteFailure(node);
    const output = node.items ? outputOfItems(node) : { input: node.input, text: outcome?.output ?? '', structured };
    if (status === 'completed' || status === 'reused') this.#leave(node, output);
    if (!node.parent) this.#outputs.release(node);
    const digest = node.candidate && this.#plan.facts?.get(modelKey(node.candidate))?.digest;
    const event = toFinishedEvent(node, end, { digest, finishedAt: this.#ports.clock.now() });
    const lost = await this.#emitter.commit(event, (why) => withoutOutput(event, why));
    if (lost && status === 'completed') Object.assign(node, { status: 'failed', lastProblem: lost });
    if (!node.parent) this.#tally.count(node.status ?? status);
    if (!node.items && status !== 'reused') this.#tally.addCost(metrics);
    this.#settle(node);
    forgetAttempts(node, this.#graph.nodes.length > mostPlayed);
  }

  /** What a task's end means for those that wait for it, and for the run. */
  #settle(node: TaskNode): void {
    this.#dispatch.settle(node);
    for (const freed of this.#graph.release(node)) if (freed.state === 'blocked') this.#admit(freed);
    if (node.parent) this.#goOnWithItems(node.parent);
    if (node === this.#halt.lastStraw) this.#dropWaiting((other) => afterHalt(other, failFast(node)));
    const limit = reachedLimit(this.#plan.limits.budget, { tokens: this.#tally.spent, loads: this.#dispatch.loads });
    if (limit !== undefined) this.exhaust(limit);
    this.#pump();
  }

  /** Ends everything that is not under way. */
  #dropWaiting(endOf: (node: TaskNode) => TaskEnd): void {
    this.#dispatch.drain();
    for (const node of [...this.#graph.nodes]) {
      if (node.state === 'running' || node.state === 'expanded' || node.state === 'finished') continue;
      node.cancelRetry?.();
      void this.#end(node, endOf(node));
    }
  }

  #announce(node: TaskNode, reason: WaitingReason): void {
    this.#emitter.emit({ type: 'task.waiting', task: node.name, task_id: node.id, ...reason });
  }

  /** @param lost why not even this can be kept */
  #finishedEvent(savings: Savings | undefined, lost?: Problem): UnstampedEvent {
    const loads = this.#dispatch.loads + (this.#ports.earlier?.modelLoads ?? 0);
    const totals = { ...this.#tally.totals(loads, this.#ports.clock.now()), ...savings };
    const problem = this.#halt.stopped ?? this.#halt.limit ?? lost;
    return toRunFinished(this.#plan, { totals, failures: this.#graph.failures, problem });
  }
}
