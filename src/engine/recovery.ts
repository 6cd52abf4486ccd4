import type { Problem } from '../errors/problem.ts';
import { chooseCandidate } from './choose.ts';
import type { Emitter } from './emitter.ts';
import type { EnginePorts } from './engine-ports.ts';
import type { Hosts } from './hosts.ts';
import type { Lanes } from './lanes.ts';
import type { FailedResult } from './request-result.ts';
import { isHostProblem, mayBeAboutOne, retryDelayMs } from './retry.ts';
import type { TaskNode } from './task-node.ts';

/** What recovery asks of the run it serves. */
export interface RecoveryRun {
  /** Nothing new is started any more. */
  isHalted: () => boolean;
  /** The run was stopped as a whole. */
  isStopped: () => boolean;
  makeReady: (node: TaskNode) => void;
  pump: () => void;
}

/** What follows when an attempt fails: another one, at once elsewhere or later, or none. */
export class Recovery {
  readonly #ports: EnginePorts;
  readonly #emitter: Emitter;
  readonly #hosts: Hosts;
  readonly #lanes: Lanes;
  readonly #run: RecoveryRun;

  constructor(
    { ports, emitter, hosts, lanes }: { ports: EnginePorts; emitter: Emitter; hosts: Hosts; lanes: Lanes },
    run: RecoveryRun,
  ) {
    this.#ports = ports;
    this.#emitter = emitter;
    this.#hosts = hosts;
    this.#lanes = lanes;
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

  /** After a task has failed for good: nothing more is sent to a server that is not there. */
  giveUp({ node, problem, delivered }: FailedResult): void {
    if (node.candidate && !delivered && isHostProblem(problem)) this.#loseHost(node.candidate.host, problem);
  }

  /** Milliseconds until the next attempt of a task that failed; undefined when there is to be none. */
  #nextAttemptIn(failed: FailedResult, wasBatch: boolean, random: number): number | undefined {
    const { node, problem, delivered, failure } = failed;
    node.lastProblem = problem;
    node.lastPartial = failure.partial;
    if (this.#run.isHalted()) return undefined;
    if (!delivered && this.#canMove(node, problem)) return 0;
    const { attempts: attempt, invalidAnswers, plan } = node;
    const delayMs = retryDelayMs({ problem, delivered, attempt, invalidAnswers }, plan.retries, random);
    if (delayMs !== undefined || !wasBatch || !mayBeAboutOne(problem)) return delayMs;
    node.alone = true;
    return 0;
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
      // Each goes to the front of its queue: the first one last.
      for (const node of [...nodes].reverse()) if (node.state === 'retrying') this.#run.makeReady(node);
    };
    if (delayMs === 0) {
      goOn();
      return;
    }
    const cancel = this.#ports.clock.after(delayMs, () => {
      goOn();
      this.#run.pump();
    });
    for (const node of nodes) node.cancelRetry = cancel;
  }

  /** Nothing more is sent there; tasks that wait for it go elsewhere, or fail. */
  #loseHost(host: string, problem: Problem): void {
    this.#hosts.markDown(host, problem);
    this.#reroute(host);
  }

  #reroute(host: string): void {
    for (const node of this.#lanes.drain(host)) this.#run.makeReady(node);
  }
}
