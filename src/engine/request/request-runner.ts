import { setMaxListeners } from 'node:events';
import { toProblem, type Problem } from '../../errors/problem.ts';
import type { OllamaClient } from '../../ollama/client.ts';
import type { WireMetrics } from '../../ollama/wire.ts';
import type { Plan, PlanTask } from '../../plan/plan.ts';
import { contextLength, modelKey } from '../../plan/model-facts.ts';
import type { TaskCall, TaskOutcome } from '../../tasks/define-task.ts';
import { addMetrics } from './add-metrics.ts';
import { checkOfForm } from './check-of-form.ts';
import { explainTooLong, findCut, refuseUnsent, type Context } from './check-context.ts';
import type { Emitter } from '../emitter.ts';
import type { EnginePorts } from '../engine-ports.ts';
import { judgeOutcome } from './judge-outcome.ts';
import { KeepAlive, toLoad } from './keep-alive.ts';
import { Preloads } from './preloads.ts';
import type { Measured, RunMeter } from '../meter.ts';
import type { Lane } from '../queues.ts';
import type { ModelWatch } from '../model-watch.ts';
import type { Outputs } from '../outputs.ts';
import { probe } from '../probe.ts';
import { promptEmptied, timeoutInLoad } from '../problems.ts';
import { giveUpRepair, reject } from './reject.ts';
import type { RequestResult } from './request-result.ts';
import { runAttempt, type AttemptResult } from './run-attempt.ts';
import type { TaskNode } from '../task-node.ts';
import type { TaskEnd } from '../to-finished-event.ts';
import { hasContent, toCall, toRepair } from './to-call.ts';
import { toMetrics } from './to-metrics.ts';

export interface RequestRun {
  plan: Plan;
  ports: EnginePorts;
  /** Aborted when all requests are to be closed. */
  signal: AbortSignal;
  emitter: Emitter;
  outputs: Outputs;
  watch: ModelWatch;
  meter: RunMeter;
}

/** Sends requests: one task, or a batch that shares a request. */
export class RequestRunner {
  readonly #plan: Plan;
  readonly #ports: EnginePorts;
  readonly #signal: AbortSignal;
  readonly #emitter: Emitter;
  readonly #watch: ModelWatch;
  readonly #meter: RunMeter;
  readonly #outputs: Outputs;
  readonly #keepAlive: KeepAlive;
  readonly preloads: Preloads;

  constructor(run: RequestRun) {
    this.#plan = run.plan;
    this.#ports = run.ports;
    this.#signal = run.signal;
    // Every request listens to it.
    setMaxListeners(0, run.signal);
    this.#emitter = run.emitter;
    this.#watch = run.watch;
    this.#meter = run.meter;
    this.#outputs = run.outputs;
    this.#keepAlive = new KeepAlive(run.plan.keep_alive);
    const { clients, clock } = run.ports;
    this.preloads = new Preloads({ ...run, clients, clock, keepAlive: this.#keepAlive });
  }

  /** Sends one request of a lane; resolves when each of its tasks has an answer or a problem. */
  async send(lane: Lane, nodes: readonly TaskNode[]): Promise<RequestResult[]> {
    const client = this.#ports.clients.get(lane.host);
    const [first] = nodes;
    if (client && first) {
      if (this.#watch.isLost(lane)) lane.turn = undefined;
      lane.turn ??= this.#beginTurn(client, lane, first.plan);
      await lane.turn;
    }
    const leave = client && (await this.#enter(lane));
    if (this.#signal.aborted) {
      leave?.();
      return nodes.map((node) => notSent(node, toProblem(this.#signal.reason)));
    }
    try {
      return await this.#sendAll(client, lane, nodes);
    } finally {
      leave?.();
    }
  }

  async #sendAll(client: OllamaClient | undefined, lane: Lane, nodes: readonly TaskNode[]): Promise<RequestResult[]> {
    const results: RequestResult[] = [];
    const sent: Sent[] = [];
    for (const node of nodes) {
      const call = this.#callOf(node, lane);
      if ('code' in call) results.push({ node, end: { status: 'failed', problem: call, partial: node.lastPartial } });
      else sent.push({ node, call });
    }
    if (sent.length > 0) results.push(...(await this.#attempt(client, lane, sent)));
    return results;
  }

  /** After the last task: models that were to be dropped at once are unloaded. */
  async unload(): Promise<void> {
    this.preloads.close();
    if (!this.#signal.aborted) await this.#keepAlive.unloadAll({ clock: this.#ports.clock, signal: this.#signal });
  }

  /** Undefined also when the run was stopped while it waited. */
  async #enter({ host, model }: Lane): Promise<(() => void) | undefined> {
    try {
      return await this.#ports.enter?.(host, model, this.#signal);
    } catch (error) {
      if (this.#signal.aborted) return undefined;
      throw error;
    }
  }

  async #beginTurn(client: OllamaClient, lane: Lane, task: PlanTask): Promise<void> {
    await this.#watch.beginTurn(client, lane);
    const { clock } = this.#ports;
    const load = toLoad(lane.model, task);
    const loadMs = await this.#watch.throughLoad(client, lane, () =>
      this.#keepAlive.beforeFirstPrompt(client, load, { clock, signal: this.#signal }),
    );
    if (loadMs !== undefined) this.#meter.noteLoad(lane, loadMs);
  }

  /** What is to be sent for a task, or why nothing is. */
  #callOf(node: TaskNode, lane: Lane): TaskCall | Problem {
    const call = toCall(node, this.#outputs);
    if ('code' in call) return call;
    if (!hasContent(call)) return promptEmptied();
    if (call.truncate !== false) return toRepair(node, call) ?? call;
    const context = this.#contextOf(lane, 'unsent');
    const tooLong = refuseUnsent(call, context);
    if (tooLong) return { ...tooLong, host: lane.host };
    const repair = toRepair(node, call);
    return repair && !refuseUnsent(repair, context) ? repair : call;
  }

  async #attempt(client: OllamaClient | undefined, lane: Lane, sent: readonly Sent[]): Promise<RequestResult[]> {
    const { clock } = this.#ports;
    const [first] = sent.map(({ node }) => node);
    if (!first) return [];
    const sentAt = clock.now();
    const wasLoaded = this.#watch.isLoaded(lane);
    const pieces: string[] = [];
    const visit = client && this.#watch.send(client, lane);
    for (const { node } of sent) this.#begin(node, sentAt);
    const offsets = { text: 0, thinking: 0 };
    const result = await runAttempt({
      definition: first.plan.spec.definition,
      calls: sent.map(({ call }) => call),
      client,
      model: first.candidate?.model,
      timeoutMs: first.plan.timeoutMs,
      signal: this.#signal,
      clock,
      onDelta: (channel, text) => {
        if (visit) void this.#watch.noteAnswer(visit);
        const { name: task, id: task_id, attempts: attempt } = first;
        this.#emitter.emit({ type: 'task.delta', task, task_id, attempt, channel, offset: offsets[channel], text });
        offsets[channel] += text.length;
        if (channel === 'text') pieces.push(text);
      },
    });
    const endedAt = clock.now();
    const isAnswer = 'outcomes' in result || result.delivered;
    const wasLoad = visit !== undefined && isAnswer && (await this.#watch.noteEnd(visit, endedAt, metricsOf(result)));
    this.#measure(lane, result, { ms: endedAt - sentAt, wasLoad });
    const isUnseen = !wasLoaded && result.firstPieceAt === undefined && !this.#watch.isLoaded(lane);
    const failure = 'problem' in result && (isUnseen ? this.#blameLoad(result.problem, client) : result.problem);
    const problem = failure ? await this.#explain(failure, client, lane, sent) : undefined;
    if (visit && problem && !isAnswer) await this.#watch.noteFailure(visit, problem.code);
    const shared = { client, lane, result, problem, wasLoad, sentAt, endedAt, partial: pieces.join('') };
    return Promise.all(sent.map((each, index) => this.#resultOf({ ...each, ...shared, index })));
  }

  #measure(lane: Lane, result: AttemptResult, measured: Omit<Measured, 'outcomes'>): void {
    if ('outcomes' in result) this.#meter.noteAnswers(lane, { ...measured, outcomes: result.outcomes });
    else if (result.problem.code === 'server-busy') this.#meter.noteRefusal(lane);
  }

  #begin(node: TaskNode, sentAt: number): void {
    node.attempts += 1;
    node.startedAt ??= sentAt;
    const { name: task, id: task_id, attempts: attempt, candidate } = node;
    const place = candidate && { model: candidate.model, host: candidate.host };
    this.#emitter.emit({ type: 'task.started', task, task_id, attempt, ...place, reasons: candidate?.reasons ?? [] });
  }

  async #resultOf(ended: EndedAttempt): Promise<RequestResult> {
    const { node, index, result, problem, sentAt, endedAt, partial } = ended;
    const outcome = 'outcomes' in result ? result.outcomes[index] : undefined;
    const { firstPieceAt, droppedLines } = result;
    const { startedAt = sentAt, readyAt = startedAt } = node;
    node.spent = addMetrics(node.spent, outcome?.metrics);
    const times = { readyAt, startedAt, sentAt, firstPieceAt, finishedAt: endedAt };
    // Of the texts that share a request the first stands for its load.
    const metrics = toMetrics(times, node.spent, ended.wasLoad && index === 0);
    if (!outcome) {
      const failed = problem ?? { code: 'internal', message: 'a task type answered fewer calls than it was given' };
      const failure: TaskEnd = { status: 'failed', problem: failed, partial, metrics };
      return giveUpRepair({ node, problem: failed, delivered: 'delivered' in result && result.delivered, failure });
    }
    const { form, onTruncate } = node.plan;
    const cut = await this.#findCut(ended, outcome);
    const check = await checkOfForm(form, this.#ports.loadSchemas);
    const judged = judgeOutcome({ outcome, droppedLines, form, check, cut, onTruncate });
    const { output, warnings, structured } = judged;
    if (judged.problem) {
      const end: TaskEnd = { outcome, metrics, warnings, status: 'failed', problem: judged.problem, partial: output };
      return reject(node, judged, end);
    }
    const fullOutput = output === outcome.output ? undefined : outcome.output;
    return {
      node,
      end: { outcome: { ...outcome, output }, fullOutput, metrics, warnings, status: 'completed', structured },
    };
  }

  /** Whether the server cut the prompt. What it says of its context is asked for again before a task fails for it. */
  async #findCut({ node, call, client, lane }: EndedAttempt, { metrics }: TaskOutcome): Promise<Problem | undefined> {
    if (!client || !node.plan.spec.definition.uses.includes('on_truncate')) return undefined;
    const isDeaf = this.#plan.facts?.get(modelKey(lane))?.isServerDeaf ?? false;
    const read = { tokens: metrics?.prompt_eval_count, mayHaveCut: call.truncate !== false || isDeaf };
    const find = (): Problem | undefined => findCut(call, read, this.#contextOf(lane, 'answered'));
    if (!find()) return undefined;
    await this.#watch.refresh(client);
    const cut = find();
    return cut && { ...cut, host: lane.host };
  }

  /** Before sending: the longest context it may get. A loaded model may have been loaded with another one for others. */
  #contextOf(lane: Lane, when: 'unsent' | 'answered'): Context {
    const { model, load } = lane;
    const facts = this.#plan.facts?.get(modelKey(lane));
    const trained = facts?.trainedContext;
    const held = when === 'answered' ? this.#watch.contextOf(lane) : undefined;
    const length = held === undefined ? contextLength(facts, load.numCtx) : Math.min(held, trained ?? Infinity);
    return { model, trained, length };
  }

  /** An attempt that ran out of time without having shown that its model was loaded. */
  #blameLoad(problem: Problem, client: OllamaClient | undefined): Problem {
    return client && problem.code === 'timeout' ? timeoutInLoad(problem, this.#plan.keep_alive !== undefined) : problem;
  }

  /** A prompt that was refused: with its numbers. A broken connection: is the server gone, or did it only drop this one? */
  async #explain(
    problem: Problem,
    client: OllamaClient | undefined,
    lane: Lane,
    [first]: readonly Sent[],
  ): Promise<Problem> {
    if (!client || this.#signal.aborted) return problem;
    if (problem.code === 'prompt-too-long' && first?.node.plan.spec.definition.uses.includes('on_truncate')) {
      await this.#watch.refresh(client);
      return explainTooLong(problem, first.call, this.#contextOf(lane, 'answered'));
    }
    if (problem.code !== 'stream-broken') return problem;
    try {
      await probe(client, { clock: this.#ports.clock, signal: this.#signal });
      return problem;
    } catch (error) {
      if (toProblem(error).code !== 'host-unreachable') return problem;
      return { ...problem, code: 'host-gone', message: `${client.host} went away during the answer` };
    }
  }
}

/** A task, and what is sent for it. */
interface Sent {
  node: TaskNode;
  call: TaskCall;
}

interface EndedAttempt extends Sent {
  index: number;
  client: OllamaClient | undefined;
  lane: Lane;
  result: AttemptResult;
  problem: Problem | undefined;
  wasLoad: boolean;
  sentAt: number;
  endedAt: number;
  partial: string;
}

/** Of one request, whatever it was for. */
function metricsOf(result: AttemptResult): WireMetrics | undefined {
  return 'outcomes' in result ? result.outcomes[0]?.metrics : undefined;
}

/** The run was stopped before its request went out. */
function notSent(node: TaskNode, problem: Problem): RequestResult {
  return { node, problem, delivered: false, failure: { status: 'cancelled', problem, partial: node.lastPartial } };
}
