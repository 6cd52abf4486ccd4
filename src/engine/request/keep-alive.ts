import type { Clock } from '../../host/host.ts';
import { parseGoDuration } from '../../lib/go-duration.ts';
import type { OllamaClient } from '../../ollama/client.ts';
import { normalizeModelName } from '../../ollama/model-name.ts';
import type { Capability } from '../../ollama/wire.ts';
import type { PlanTask } from '../../plan/plan.ts';
import { withinTime } from '../deadline.ts';

/** Servers answer an unload at once. */
const unloadMs = 5_000;

/** A load that is given up is thrown away by the server, and starts over with the next prompt: it gets this long at least. */
const leastLoadMs = 600_000;

/** A load-only request. */
export interface Load {
  model: string;
  options: Record<string, unknown> | undefined;
  needs: readonly Capability[];
  /** Of an attempt of the tasks that need it. */
  timeoutMs: number;
}

/**
 * How long the servers keep a model after its last prompt. Sent with requests of its own, never with a prompt: there it
 * can make a server wait for ever for the memory of a model it wants to drop (ollama/ollama issue 17408).
 */
export class KeepAlive {
  readonly #value: string | number | undefined;
  readonly #seen = new Map<string, { client: OllamaClient; model: string }>();

  constructor(value: string | number | undefined) {
    this.#value = value;
  }

  /** Loads the model with the wanted keep_alive, once per server and model. Resolves to whether it did. */
  async beforeFirstPrompt(
    client: OllamaClient,
    load: Load,
    run: { clock: Clock; signal: AbortSignal },
  ): Promise<boolean> {
    const isSeen = this.#seen.has(keyOf(client, load));
    this.#seen.set(keyOf(client, load), { client, model: load.model });
    if (this.#value === undefined || isZero(this.#value) || isSeen) return false;
    return this.load(client, load, run);
  }

  /** Loads the model, with the wanted keep_alive if there is one. Resolves to whether it did. */
  async load(
    client: OllamaClient,
    { model, options, needs, timeoutMs }: Load,
    run: { clock: Clock; signal: AbortSignal },
  ): Promise<boolean> {
    this.#seen.set(keyOf(client, { model }), { client, model });
    const keep_alive = this.#value !== undefined && !isZero(this.#value) ? this.#value : undefined;
    const request = { model, ...(keep_alive !== undefined && { keep_alive }), ...(options && { options }) };
    return settled(
      withinTime(Math.max(leastLoadMs, timeoutMs), run, async (signal) =>
        needs.includes('embedding')
          ? client.embed({ ...request, input: '' }, { signal })
          : drain(client.generate({ ...request, prompt: '' }, { signal })),
      ),
    );
  }

  /** With a keep_alive of zero: unloads every model the run has used. */
  async unloadAll(run: { clock: Clock; signal: AbortSignal }): Promise<void> {
    if (this.#value === undefined || !isZero(this.#value)) return;
    const unloads = [...this.#seen.values()].map(({ client, model }) => {
      const request = { model, prompt: '', keep_alive: 0 };
      return settled(withinTime(unloadMs, run, (signal) => drain(client.generate(request, { signal }))));
    });
    await Promise.all(unloads);
  }
}

/** What a task needs to have loaded; its options too: with another num_ctx the server would load the model twice. */
export function toLoad(model: string, { spec, options, timeoutMs }: PlanTask): Load {
  return { model, options, needs: spec.definition.needs?.({}) ?? [], timeoutMs };
}

function keyOf({ host }: OllamaClient, { model }: Pick<Load, 'model'>): string {
  return `${host}\n${normalizeModelName(model)}`;
}

function isZero(value: string | number): boolean {
  return typeof value === 'number' ? value === 0 : parseGoDuration(value) === 0;
}

/** A load that fails is no fault of a task yet: its prompt will show what is wrong. */
async function settled(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch {
    return false;
  }
}

async function drain(chunks: AsyncIterable<unknown>): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}
