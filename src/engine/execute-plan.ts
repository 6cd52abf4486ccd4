// In: the Plan. Out: RunEvents. Effects: the requests.
import type { Problem } from '../errors/problem.ts';
import type { RunEvent } from '../events/event.ts';
import { toPlanSnapshot, type Plan } from '../plan/plan.ts';
import type { Clock } from '../host/host.ts';
import { version } from '../lib/version.ts';
import type { OllamaClient } from '../ollama/client.ts';
import { createEmitter, type Record } from './emitter.ts';
import { startDeadline } from './deadline.ts';
import { runStopped } from './problems.ts';
import { RunInProgress } from './run-in-progress.ts';
import { createNodes } from './task-node.ts';

export interface EnginePorts {
  /** By the address the plan's candidates name. */
  clients: ReadonlyMap<string, OllamaClient>;
  /** What each server held in memory when it was surveyed. */
  loaded: ReadonlyMap<string, readonly { name: string; context_length?: number | undefined }[]>;
  clock: Clock;
  newId: () => string;
  random: () => number;
  /** Aborted to stop the run; the reason says why. */
  signal: AbortSignal;
  /** Keeps durable events. */
  record?: Record | undefined;
}

/** Carries a plan out. Resolves when `run.finished` was shown; a failing task is an event, never an error. */
export async function executePlan(
  runId: string,
  plan: Plan,
  ports: EnginePorts,
  show: (event: RunEvent) => void,
): Promise<void> {
  const emitter = createEmitter(runId, ports.clock, show, ports.record);
  const nodes = createNodes(plan, ports.newId, ports.clock.now());
  const ids = new Map(nodes.map(({ name, id }) => [name, id]));
  emitter.emit({
    type: 'run.started',
    version,
    run_type: plan.run_type,
    agent: plan.agent.name,
    agent_id: plan.agent.id,
    plan: toPlanSnapshot(plan, (task) => ids.get(task)),
  });
  const run = new RunInProgress(plan, nodes, ports, emitter);
  const release = stopWhenTold(run, plan, ports);
  await run.finished();
  release();
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
  const message = `the run took longer than its limit of ${ms / 1000} s`;
  return { code: 'run-timeout', message, hint: 'give it longer with --run-timeout' };
}
