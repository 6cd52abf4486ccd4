// In: the Plan. Out: RunEvents. Effects: the requests.
import { ProblemError, toProblem, type Problem } from '../errors/problem.ts';
import type { RunEvent, UnstampedEvent } from '../events/event.ts';
import type { Plan } from '../plan/plan.ts';
import { toPlanSnapshot } from '../plan/to-plan-snapshot.ts';
import { formatGoDuration } from '../lib/go-duration.ts';
import { version } from '../lib/version.ts';
import { createEmitter } from './emitter.ts';
import { startDeadline } from './deadline.ts';
import type { EnginePorts } from './engine-ports.ts';
import { runStopped } from './problems.ts';
import { RunInProgress } from './run-in-progress.ts';
import { TaskGraph } from './task-graph.ts';
import type { TaskNode } from './task-node.ts';

/**
 * Carries a plan out. Resolves when `run.finished` was shown; a failing task is an event, never an error.
 * @throws what a watcher threw, once the run has been stopped for it and ended
 */
export async function executePlan(
  runId: string,
  plan: Plan,
  ports: EnginePorts,
  show: (event: RunEvent) => void,
): Promise<void> {
  const { clock, record } = ports;
  const faults: unknown[] = [];
  const onFailure = (error: unknown): void => {
    if (!(error instanceof ProblemError)) faults.push(error);
    run.stop(toProblem(error));
  };
  const { earlier } = ports;
  const emitter = createEmitter({ runId, clock, show, record, onFailure, lastSeq: earlier?.seq });
  const graph = new TaskGraph(plan, (task) => earlier?.ids.get(task) ?? ports.newId(), clock.now());
  const run = new RunInProgress(plan, graph, ports, emitter);
  emitter.emit(runStarted(plan, graph.nodes));
  const release = stopWhenTold(run, plan, ports);
  try {
    await run.finished();
  } finally {
    release();
  }
  if (faults.length > 0) throw faults[0];
}

function runStarted(plan: Plan, nodes: readonly TaskNode[]): UnstampedEvent {
  const ids = new Map(nodes.map(({ name, id }) => [name, id]));
  const { name: agent, id: agent_id } = plan.agent;
  const snapshot = toPlanSnapshot(plan, (task) => ids.get(task));
  const { run_type, output_step } = plan;
  return { type: 'run.started', version, run_type, agent, agent_id, output_step, plan: snapshot };
}

/** Ties the run to its time limit and to the signal that may stop it. */
function stopWhenTold(run: RunInProgress, plan: Plan, { signal, clock }: EnginePorts): () => void {
  const { runTimeoutMs, budget } = plan.limits;
  const afterMs = (ms: number | undefined, onExpired: (ms: number) => void): (() => void) =>
    ms === undefined ? () => undefined : startDeadline(ms, clock, () => onExpired(ms));
  const onAbort = (): void => run.stop(runStopped(signal.reason));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const cancels = [
    afterMs(runTimeoutMs, (ms) => run.stop(runTimeout(ms))),
    afterMs(budget?.timeMs, (ms) => run.exhaust(formatGoDuration(ms * 1e6))),
  ];
  return () => {
    for (const cancel of cancels) cancel();
    signal.removeEventListener('abort', onAbort);
  };
}

function runTimeout(ms: number): Problem {
  const message = `the run took longer than its limit of ${formatGoDuration(ms * 1e6)}`;
  return { code: 'run-timeout', message, hint: 'give it longer with --run-timeout' };
}
