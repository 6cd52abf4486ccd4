import { toProblem, type Problem } from '../errors/problem.ts';
import type { OllamaClient } from '../ollama/client.ts';
import type { Plan, PlanTask } from '../plan/plan.ts';
import { fillTemplate, type ValueSegment } from '../spec/template.ts';
import type { TaskCall } from '../tasks/define-task.ts';
import { withinTime } from './deadline.ts';
import type { Emitter } from './emitter.ts';
import type { EnginePorts } from './engine-ports.ts';
import { judgeOutcome } from './judge-outcome.ts';
import { KeepAlive } from './keep-alive.ts';
import type { Lane } from './lanes.ts';
import type { ModelWatch } from './model-watch.ts';
import type { Outputs } from './outputs.ts';
import { promptEmptied } from './problems.ts';
import { runAttempt, type AttemptResult } from './run-attempt.ts';
import type { TaskNode } from './task-node.ts';
import type { TaskEnd } from './to-finished-event.ts';
import { toMetrics } from './to-metrics.ts';

/** What became of one task of a request. */
export type RequestResult = { node: TaskNode; end: TaskEnd } | FailedResult;

export interface FailedResult {
  node: TaskNode;
  problem: Problem;
  /** Whether a piece of the answer had arrived. */
  delivered: boolean;
  /** The task as failed, should there be no further attempt. */
  failure: TaskEnd;
}

/** How long a server that broke a connection may take to show that it is still there. */
const probeMs = 5_000;

/** Sends requests: one task, or a batch that shares a request. */
export class RequestRunner {
  readonly #plan: Plan;
  readonly #ports: EnginePorts;
  readonly #signal: AbortSignal;
  readonly #emitter: Emitter;
  readonly #watch: ModelWatch;
  readonly #outputs: Outputs;
  readonly #keepAlive: KeepAlive;

  constructor(
    run: { plan: Plan; ports: EnginePorts; signal: AbortSignal; emitter: Emitter },
    watch: ModelWatch,
    outputs: Outputs,
  ) {
    this.#plan = run.plan;
    this.#ports = run.ports;
    this.#signal = run.signal;
    this.#emitter = run.emitter;
    this.#watch = watch;
    this.#outputs = outputs;
    this.#keepAlive = new KeepAlive(run.plan.keep_alive);
  }

  /** Sends one request of a lane; resolves when each of its tasks has an answer or a problem. */
  async send(lane: Lane, nodes: readonly TaskNode[]): Promise<RequestResult[]> {
    const client = this.#ports.clients.get(lane.host);
    const [first] = nodes;
    if (client && first) {
      lane.turn ??= this.#beginTurn(client, lane, first.plan);
      await lane.turn;
    }
    if (this.#signal.aborted) return nodes.map((node) => notSent(node, toProblem(this.#signal.reason)));
    const calls = nodes.map((node) => this.#callOf(node));
    const sendable = nodes.filter((_, index) => hasContent(calls[index]));
    const emptied = nodes.filter((_, index) => !hasContent(calls[index]));
    const results = emptied.map((node): RequestResult => ({
      node,
      end: { status: 'failed', problem: promptEmptied() },
    }));
    if (sendable.length > 0) results.push(...(await this.#attempt(client, lane, sendable, calls.filter(hasContent))));
    return results;
  }

  /** After the last task: models that were to be dropped at once are unloaded. */
  async unload(): Promise<void> {
    if (!this.#signal.aborted) await this.#keepAlive.unloadAll({ clock: this.#ports.clock, signal: this.#signal });
  }

  async #beginTurn(client: OllamaClient, lane: Lane, { spec, options, timeoutMs }: PlanTask): Promise<void> {
    const { model } = lane;
    await this.#watch.beginTurn(client, model);
    const needs = spec.definition.needs?.({}) ?? [];
    const run = { clock: this.#ports.clock, signal: this.#signal };
    // The options too: a num_ctx that differs from the prompts' would have the server load the model twice.
    if (await this.#keepAlive.beforeFirstPrompt(client, { model, options, needs, timeoutMs }, run)) {
      await this.#watch.noteAnswer(client, lane);
    }
  }

  /** The call of a task with its placeholders filled in; the prompt is kept for its entry. */
  #callOf(node: TaskNode): TaskCall {
    const { spec, system, options } = node.plan;
    const outputOf = (segment: ValueSegment): string =>
      'output' in segment ? this.#outputs.textOf(segment.output) : '';
    node.input = fillTemplate(spec.prompt, outputOf);
    return {
      input: node.input,
      system: spec.system ? fillTemplate(spec.system, outputOf) : system,
      messages: spec.messages,
      format: spec.format,
      images: spec.images,
      think: spec.think,
      options,
      parameters: spec.parameters,
    };
  }

  async #attempt(
    client: OllamaClient | undefined,
    lane: Lane,
    nodes: readonly TaskNode[],
    calls: readonly TaskCall[],
  ): Promise<RequestResult[]> {
    const { clock } = this.#ports;
    const [first] = nodes;
    if (!first) return [];
    const sentAt = clock.now();
    const pieces: string[] = [];
    for (const node of nodes) this.#begin(node, sentAt);
    const offsets = { text: 0, thinking: 0 };
    const result = await runAttempt({
      definition: first.plan.spec.definition,
      calls,
      client,
      model: first.candidate?.model,
      timeoutMs: first.plan.timeoutMs,
      signal: this.#signal,
      clock,
      onDelta: (channel, text) => {
        const { name: task, id: task_id, attempts: attempt } = first;
        this.#emitter.emit({ type: 'task.delta', task, task_id, attempt, channel, offset: offsets[channel], text });
        offsets[channel] += text.length;
        if (channel === 'text') pieces.push(text);
      },
    });
    const endedAt = clock.now();
    if (client && (!('problem' in result) || result.delivered)) await this.#watch.noteAnswer(client, lane);
    const problem = 'problem' in result ? await this.#explain(result.problem, client) : undefined;
    return nodes.map((node, index) =>
      this.#resultOf({
        node,
        call: calls[index],
        index,
        lane,
        result,
        problem,
        sentAt,
        endedAt,
        partial: pieces.join(''),
      }),
    );
  }

  #begin(node: TaskNode, sentAt: number): void {
    node.attempts += 1;
    node.startedAt ??= sentAt;
    const { name: task, id: task_id, attempts: attempt, candidate } = node;
    const place = candidate && { model: candidate.model, host: candidate.host };
    this.#emitter.emit({ type: 'task.started', task, task_id, attempt, ...place, reasons: candidate?.reasons ?? [] });
  }

  #resultOf(ended: EndedAttempt): RequestResult {
    const { node, call, index, lane, result, problem, sentAt, endedAt, partial } = ended;
    const outcome = 'outcomes' in result ? result.outcomes[index] : undefined;
    const { firstPieceAt, droppedLines } = result;
    const { startedAt = sentAt, readyAt = startedAt } = node;
    const metrics = toMetrics({ readyAt, startedAt, sentAt, firstPieceAt, finishedAt: endedAt }, outcome?.metrics);
    if (!outcome || !call) {
      const failed = problem ?? { code: 'internal', message: 'a task type answered fewer calls than it was given' };
      const failure: TaskEnd = { status: 'failed', problem: failed, partial, metrics };
      return { node, problem: failed, delivered: 'delivered' in result && result.delivered, failure };
    }
    const judged = judgeOutcome({ call, outcome, droppedLines, contextLength: this.#watch.contextOf(lane) });
    const common = { outcome, metrics, warnings: judged.warnings };
    if (judged.problem)
      return { node, end: { ...common, status: 'failed', problem: judged.problem, partial: outcome.output } };
    return { node, end: { ...common, status: 'completed', structured: judged.structured } };
  }

  /** A broken connection: is the server gone, or did it only drop this one? */
  async #explain(problem: Problem, client: OllamaClient | undefined): Promise<Problem> {
    if (problem.code !== 'stream-broken' || !client || this.#signal.aborted) return problem;
    const run = { clock: this.#ports.clock, signal: this.#signal };
    try {
      await withinTime(probeMs, run, (signal) => client.version({ signal }));
      return problem;
    } catch (error) {
      if (toProblem(error).code !== 'host-unreachable') return problem;
      return { ...problem, code: 'host-gone', message: `${client.host} went away during the answer` };
    }
  }
}

interface EndedAttempt {
  node: TaskNode;
  call: TaskCall | undefined;
  index: number;
  lane: Lane;
  result: AttemptResult;
  problem: Problem | undefined;
  sentAt: number;
  endedAt: number;
  partial: string;
}

/** The run was stopped before its request went out. */
function notSent(node: TaskNode, problem: Problem): RequestResult {
  return { node, problem, delivered: false, failure: { status: 'cancelled', problem, partial: node.lastPartial } };
}

function hasContent(call: TaskCall | undefined): call is TaskCall {
  return call !== undefined && (call.input.trim() !== '' || (call.messages?.length ?? 0) > 0);
}
