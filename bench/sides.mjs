// The same work done four ways. `naive` sends everything at once (Promise.all over the package `ollama`), `one by one` each
// after the other, `p-limit` four at a time, `ours` is the library. A task is sent as soon as those it needs have ended.
import { Ollama } from 'ollama';
import pLimit from 'p-limit';

/**
 * @typedef {{name: string, model: string, needs: string[]}} Task
 * @typedef {{lost: number, told?: number}} Done tasks without an answer, and the loads the run itself tells of
 * @type {Record<string, (tasks: Task[], hosts: string[], options?: object) => Promise<Done>>}
 */
export const sides = { naive: limited(Infinity), 'one by one': limited(1), 'p-limit(4)': limited(4), ours };

export async function ours(tasks, hosts, options) {
  const models = [...new Set(tasks.map(({ model }) => model))];
  const run = await (
    await theOrchestrator()
  ).runWorkflow({
    agent: { name: 'bench', models, config: { hosts, max_concurrent_tasks: 64, ...(options && { options }) } },
    steps: tasks.map(({ name, model, needs }) => ({ name, type: 'generate', input: name, model_name: model, needs })),
  });
  return { lost: run.steps.filter(({ status }) => status !== 'completed').length, told: run.totals.model_loads };
}

let orchestrator;

/** Made when it is first needed: by then the folder of its journal is known. */
async function theOrchestrator() {
  const { createOrchestrator } = await import('../dist/lib/index.js');
  return (orchestrator ??= createOrchestrator());
}

/** What a programmer would write. */
function limited(concurrency) {
  return async (tasks, [host], options) => {
    const client = new Ollama({ host });
    const limit = concurrency === Infinity ? (ask) => ask() : pLimit(concurrency);
    const ends = new Map();
    let lost = 0;
    for (const { name, model, needs } of tasks) {
      const ask = () => client.generate({ model, prompt: name, stream: false, options }).catch(() => (lost += 1));
      const ready = Promise.all(needs.map((need) => ends.get(need)));
      ends.set(
        name,
        ready.then(() => limit(ask)),
      );
    }
    await Promise.all(ends.values());
    return { lost };
  };
}
