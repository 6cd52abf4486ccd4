import { normalizeModelName } from '../ollama/model-name.ts';
import { chooseCandidates } from './choose.ts';
import type { Emitter } from './emitter.ts';
import type { EnginePorts } from './engine-ports.ts';
import type { Hosts } from './hosts.ts';
import type { FailedResult } from './request/request-result.ts';
import { isHostProblem, mayBeAboutOne, retryDelayMs } from './request/retry.ts';
import type { TaskNode } from './task-node.ts';

/** What recovery asks of the run it serves. */
export interface RecoveryRun {
  /** Nothing new is started any more. */
  isHalted: () => boolean;
  /** The run was stopped as a whole. */
  isStopped: () => boolean;
  makeReady: (node: TaskNode) => void;
  /** A task will be ready again in so many milliseconds. */
  expectBack: (node: TaskNode, delayMs: number) => void;
  pump: () => void;
}

/** What follows when an attempt fails: another one, at once elsewhere or later, or none. */
export class Recovery {
  readonly #ports: EnginePorts;
  readonly #emitter: Emitter;
  readonly #hosts: Hosts;
  readonly #run: RecoveryRun;

  constructor({ ports, emitter, hosts }: { ports: EnginePorts; emitter: Emitter; hosts: Hosts }, run: RecoveryRun) {
    this.#ports = ports;
    this.#emitter = emitter;
    this.#hosts = hosts;
    this.#run = run;
  }

  /**
   * Puts those back that get another attempt; the others are handed back.
   * @param wasBatch they shared one request
   */
  retry(failed: readonly FailedResult[], wasBatch: boolean): FailedResult[] {
    // One number for all: a batch that is sent again stays together.
    const random = this.#ports.random();
    const again = new Map<number, TaskNode[]>();
    const lost = failed.filter((result) => {
      const delayMs = this.#nextAttemptIn(result, wasBatch, random);
      if (delayMs === undefined) return true;
      again.set(delayMs, [...(again.get(delayMs) ?? []), result.node]);
      return false;
    });
    for (const [delayMs, nodes] of again) this.#putBack(nodes, delayMs);
    return lost;
  }

  /** After a task has failed for good: nothing more is expected of a server that is not there. */
  giveUp({ node, problem, delivered }: FailedResult): void {
    if (node.candidate && !delivered && isHostProblem(problem)) this.#hosts.giveUp(node.candidate.host, problem);
  }

  /** Milliseconds until the next attempt of a task that failed; undefined when there is to be none. */
  #nextAttemptIn(failed: FailedResult, wasBatch: boolean, random: number): number | undefined {
    const { node, problem, delivered, failure } = failed;
    node.lastProblem = problem;
    node.lastPartial = failure.partial;
    if (this.#run.isHalted()) return undefined;
    if (this.#canMove(failed)) return 0;
    const { attempts: attempt, invalidAnswers, plan } = node;
    const delayMs = retryDelayMs({ problem, delivered, attempt, invalidAnswers }, plan.retries, random);
    if (delayMs !== undefined || !wasBatch || !mayBeAboutOne(problem)) return delayMs;
    node.alone = true;
    return 0;
  }

  /** Whether another candidate can take the task at once; what failed is not asked again. */
  #canMove({ node, problem, delivered }: FailedResult): boolean {
    const { candidate, plan } = node;
    if (!candidate) return false;
    if (problem.code === 'model-missing' && !delivered) this.#hosts.markMissing(candidate, problem);
    else if (isHostProblem(problem) && hasOtherHost(node, delivered)) this.#hosts.rest(candidate.host, problem);
    else return false;
    return chooseCandidates(plan.candidates, this.#hosts).length > 0;
  }

  /** Puts tasks of one request back, together. */
  #putBack(nodes: readonly TaskNode[], delayMs: number): void {
    const delay_ns = Math.round(delayMs * 1e6);
    for (const node of nodes) node.state = 'retrying';
    for (const { name: task, id: task_id, attempts: attempt, state, lastProblem: problem } of nodes) {
      // Whoever watches may have stopped the run.
      if (problem && state === 'retrying')
        this.#emitter.emit({ type: 'task.retrying', task, task_id, attempt, delay_ns, problem });
    }
    if (this.#run.isStopped()) return;
    const goOn = (): void => {
      for (const node of nodes) if (node.state === 'retrying') this.#run.makeReady(node);
    };
    if (delayMs === 0) {
      goOn();
      return;
    }
    for (const node of nodes) this.#run.expectBack(node, delayMs);
    const cancel = this.#ports.clock.after(delayMs, () => {
      goOn();
      this.#run.pump();
    });
    for (const node of nodes) node.cancelRetry = cancel;
  }
}

/**
 * Whether a task that lost its server may go on at another one, each of which it may bring down once. What had arrived
 * of an answer is only given up for another one of the same model.
 */
function hasOtherHost({ candidate, plan, attempts }: TaskNode, delivered: boolean): boolean {
  const model = normalizeModelName(candidate?.model ?? '');
  const isOther = plan.candidates.filter(
    (each) => each.host !== candidate?.host && (!delivered || normalizeModelName(each.model) === model),
  );
  return isOther.length > 0 && attempts <= new Set(plan.candidates.map(({ host }) => host)).size;
}
