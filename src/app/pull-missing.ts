import type { OllamaClient } from '../ollama/client.ts';
import type { PullProgress } from '../ollama/wire.ts';
import type { Plan } from '../plan/plan.ts';

/** Tells how far a pull is. */
export type OnPull = (model: string, host: string, progress: PullProgress) => void;

/**
 * Gets the models that tasks of the plan fail for, each on the first server that is up.
 * @returns the models that were pulled
 */
export async function pullMissing(
  plan: Plan,
  clients: ReadonlyMap<string, OllamaClient>,
  signal: AbortSignal,
  onPull: OnPull,
): Promise<string[]> {
  const wanted = new Map(
    plan.tasks.flatMap(({ missing }) => (missing ? [[missing.model, missing.host] as const] : [])),
  );
  for (const [model, host] of wanted) {
    const client = clients.get(host);
    if (!client) continue;
    for await (const progress of client.pull(model, { signal })) onPull(model, host, progress);
  }
  return [...wanted.keys()];
}
