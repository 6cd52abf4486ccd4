import type { Clock } from '../../host/host.ts';
import { parseGoDuration } from '../../lib/go-duration.ts';
import type { OllamaClient } from '../../ollama/client.ts';
import { normalizeModelName } from '../../ollama/model-name.ts';
import type { Capability } from '../../ollama/wire.ts';
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
    { model, options, needs, timeoutMs }: Load,
    run: { clock: Clock; signal: AbortSignal },
  ): Promise<boolean> {
    const key = `${client.host}\n${normalizeModelName(model)}`;
    if (this.#value === undefined || this.#seen.has(key)) return false;
    this.#seen.set(key, { client, model });
    if (isZero(this.#value)) return false;
    const request = { model, keep_alive: this.#value, ...(options && { options }) };
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
