import type { Clock } from '../host/host.ts';
import type { OllamaClient } from '../ollama/client.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { withinTime } from './deadline.ts';

/** Longest wait for the list of loaded models. */
const askMs = 5_000;

interface Loaded {
  /** By normalised name: the context it was loaded with, in tokens, where the server tells. */
  models: Map<string, number | undefined>;
}

/**
 * What the servers hold in memory, as far as they let us see, and how many loads our work caused. A server is asked
 * when a model gets its turn, and again when its first answer is there: a load may have driven another model out.
 */
export class ModelWatch {
  loads = 0;
  readonly #hosts = new Map<string, Loaded>();
  readonly #loading = new Set<string>();
  readonly #run: { clock: Clock; signal: AbortSignal };

  constructor(run: { clock: Clock; signal: AbortSignal }) {
    this.#run = run;
  }

  isLoaded(host: string, model: string): boolean {
    return this.#hosts.get(host)?.models.has(normalizeModelName(model)) ?? false;
  }

  contextOf(host: string, model: string): number | undefined {
    return this.#hosts.get(host)?.models.get(normalizeModelName(model));
  }

  /** What the survey saw. */
  note(host: string, models: Iterable<{ name: string; context_length?: number | undefined }>): void {
    this.#hosts.set(host, {
      models: new Map([...models].map(({ name, context_length }) => [normalizeModelName(name), context_length])),
    });
  }

  /** Before the first request of a turn. */
  async beginTurn(client: OllamaClient, model: string): Promise<void> {
    await this.#ask(client);
    if (!this.isLoaded(client.host, model)) this.#loading.add(laneKey(client.host, model));
  }

  /** After an answer: the first one of a turn that began without the model proves a load. */
  async noteAnswer(client: OllamaClient, model: string): Promise<void> {
    if (!this.#loading.delete(laneKey(client.host, model))) return;
    this.loads += 1;
    await this.#ask(client);
    const models = this.#hosts.get(client.host)?.models ?? new Map<string, number | undefined>();
    // A server without /api/ps: we only know what just answered.
    if (!models.has(normalizeModelName(model))) models.set(normalizeModelName(model), undefined);
    this.#hosts.set(client.host, { models });
  }

  /** A server that does not tell is left as it was: its prompts will show what is wrong with it. */
  async #ask(client: OllamaClient): Promise<void> {
    try {
      this.note(client.host, await withinTime(askMs, this.#run, (signal) => client.loaded({ signal })));
    } catch {
      if (!this.#hosts.has(client.host)) this.note(client.host, []);
    }
  }
}

function laneKey(host: string, model: string): string {
  return `${host}\n${normalizeModelName(model)}`;
}
