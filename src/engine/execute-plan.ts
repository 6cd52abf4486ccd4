// In: the Plan. Out: RunEvents. Effects: the requests.
import { ProblemError, toProblem, type Problem } from '../errors/problem.ts';
import type { RunEvent, UnstampedEvent } from '../events/event.ts';
import { toPlanSnapshot, type Plan } from '../plan/plan.ts';
import { formatGoDuration } from '../lib/go-duration.ts';
import { version } from '../lib/version.ts';
import { createEmitter } from './emitter.ts';
import { startDeadline } from './deadline.ts';
import type { EnginePorts } from './engine-ports.ts';
import { runStopped } from './problems.ts';
import { RunInProgress } from './run-in-progress.ts';
import { createNodes, type TaskNode } from './task-node.ts';

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
  const emitter = createEmitter({ runId, clock, show, record, onFailure });
  const nodes = createNodes(plan, ports.newId, clock.now());
  const run = new RunInProgress(plan, nodes, ports, emitter);
  emitter.emit(runStarted(plan, nodes));
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
  const { runTimeoutMs } = plan.limits;
  const onAbort = (): void => run.stop(runStopped(signal.reason));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const cancel =
    runTimeoutMs === undefined
      ? undefined
      : startDeadline(runTimeoutMs, clock, () => run.stop(runTimeout(runTimeoutMs)));
  return () => {
    cancel?.();
    signal.removeEventListener('abort', onAbort);
  };
}

function runTimeout(ms: number): Problem {
  const message = `the run took longer than its limit of ${formatGoDuration(ms * 1e6)}`;
  return { code: 'run-timeout', message, hint: 'give it longer with --run-timeout' };
}
