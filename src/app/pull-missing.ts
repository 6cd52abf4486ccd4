import { ProblemError, type Problem } from '../errors/problem.ts';
import type { OllamaClient } from '../ollama/client.ts';
import type { PullProgress } from '../ollama/wire.ts';
import type { Plan } from '../plan/plan.ts';

/** Tells how far a pull is. */
export type OnPull = (model: string, host: string, progress: PullProgress) => void;

/** What a pull brought: the models that are there now, and why others are not. */
export interface Pulled {
  models: string[];
  failures: Map<string, Problem>;
}

/** Gets the models that tasks of the plan miss, each on the first server that is up. One that fails hides no other. */
export async function pullMissing(
  plan: Plan,
  clients: ReadonlyMap<string, OllamaClient>,
  signal: AbortSignal,
  onPull: OnPull,
): Promise<Pulled> {
  const wanted = new Map(
    plan.tasks.flatMap(({ missing }) => (missing ? [[missing.model, missing.host] as const] : [])),
  );
  const pulled: Pulled = { models: [], failures: new Map() };
  for (const [model, host] of wanted) {
    const client = clients.get(host);
    if (!client) continue;
    try {
      for await (const progress of client.pull(model, { signal })) onPull(model, host, progress);
      pulled.models.push(model);
    } catch (error) {
      if (signal.aborted || !(error instanceof ProblemError)) throw error;
      pulled.failures.set(model, error.problem);
    }
  }
  return pulled;
}

/** The plan with the reason why a model could not be got, for tasks that fail for want of it. */
export function withPullFailures(plan: Plan, failures: Pulled['failures']): Plan {
  const tasks = plan.tasks.map((task) => {
    const failure = task.missing && failures.get(task.missing.model);
    if (!failure) return task;
    if (task.problem) return { ...task, problem: { ...failure, code: task.problem.code } };
    return { ...task, warnings: [...task.warnings, { code: 'pull-failed', message: failure.message }] };
  });
  return { ...plan, tasks };
}
