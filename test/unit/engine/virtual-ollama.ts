import { ProblemError } from '../../../src/errors/problem.ts';
import type { RunEvent } from '../../../src/events/event.ts';
import type { Clock } from '../../../src/host/host.ts';
import { normalizeModelName } from '../../../src/ollama/model-name.ts';
import type { CallOptions, OllamaClient } from '../../../src/ollama/client.ts';
import type {
  EmbedRequest,
  EmbedResponse,
  GenerateRequest,
  LoadedModel,
  WireMetrics,
} from '../../../src/ollama/wire.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { Timing } from '../../../src/simulator/exchange.ts';
import { guessModel } from '../../../src/simulator/guess-model.ts';
import { createServerModel, type ServerModel } from '../../../src/simulator/server-model.ts';
import { defaultServerSettings, type ServerSettings } from '../../../src/simulator/server-settings.ts';
import { settled, startPlan, type RunDraft } from './engine-rig.ts';
import { ManualClock } from './manual-clock.ts';
import { unreachable } from './memory-ollama.ts';

export interface VirtualServerDraft extends Partial<ServerSettings> {
  /** By name: how long a load and an answer of one prompt take. */
  models: Readonly<Record<string, { loadMs?: number; answerMs?: number }>>;
  /** In memory at the start. */
  held?: readonly { model: string; numCtx?: number | undefined }[];
  /** What becomes of each prompt, in their order; then all are answered. */
  fates?: readonly Fate[];
}

/** `busy` and `fails`: refused before its model was asked for; `breaks`: the connection is gone after the first piece. */
export type Fate = 'ok' | 'busy' | 'fails' | 'breaks';

/** The simulator's model of a server, as the engine's client sees it: all takes its virtual time, and loads are counted. */
export class VirtualOllama implements OllamaClient {
  readonly host: string;
  isUp = true;
  /** The most requests that were under way at once. */
  mostOpen = 0;
  /** Models in the order of their prompts. */
  readonly prompts: string[] = [];
  readonly #clock: Clock;
  readonly #models: ReadonlyMap<string, ReturnType<typeof guessModel>>;
  readonly #draft: VirtualServerDraft;
  readonly #fates: Fate[];
  #server: ServerModel;
  /** Loads of servers that have been brought down. */
  #loadsBefore = 0;
  readonly #open = new Set<(error: Error) => void>();

  constructor(host: string, clock: Clock, draft: VirtualServerDraft) {
    this.host = host;
    this.#clock = clock;
    this.#draft = draft;
    this.#models = new Map(
      Object.entries(draft.models).map(([name, times]) => [normalizeModelName(name), toModel(name, times)]),
    );
    this.#fates = [...(draft.fates ?? [])];
    this.#server = this.#start();
    for (const { model, numCtx } of draft.held ?? []) {
      const held = this.#models.get(normalizeModelName(model));
      if (held) this.#server.scheduler.place(held, numCtx);
    }
  }

  get loads(): number {
    return this.#loadsBefore + this.#server.scheduler.totalLoads;
  }

  /** Breaks all connections; nothing answers until {@link revive}. */
  kill(): void {
    this.isUp = false;
    for (const fail of [...this.#open])
      fail(new ProblemError({ code: 'stream-broken', message: 'the connection broke' }));
  }

  revive(): void {
    this.isUp = true;
    this.#loadsBefore = this.loads;
    this.#server = this.#start();
  }

  version = (): Promise<string> => this.#answer('0.24.0');

  list = () => Promise.resolve([]);

  loaded = () =>
    this.#answer(
      [...this.#server.scheduler.loaded.values()].map(
        ({ model, numCtx }) => ({ name: model.name, context_length: numCtx }) as LoadedModel,
      ),
    );

  show = () => Promise.resolve({ model_info: {} });

  async *pull() {
    yield await Promise.resolve({ status: 'success' });
  }

  async *generate({ model, prompt, options }: GenerateRequest, { signal }: CallOptions) {
    const chunk = { model, created_at: '' };
    const fate = (prompt !== '' && this.#fates.shift()) || 'ok';
    if (fate === 'busy') throw new ProblemError({ code: 'server-busy', message: 'busy' });
    if (fate === 'fails') throw new ProblemError({ code: 'server-error', message: 'no' });
    if (prompt !== '') this.prompts.push(normalizeModelName(model));
    const metrics = await this.#send(model, prompt === '' ? 0 : 10, options, signal);
    if (prompt !== '') yield { ...chunk, response: 'yes', done: false };
    if (fate === 'breaks') throw new ProblemError({ code: 'stream-broken', message: 'the connection broke' });
    yield { ...chunk, response: '', done: true, done_reason: 'stop', ...metrics };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- not used by the engine's own tests
  async *chat(): AsyncGenerator<never> {
    throw new Error('not made to chat');
  }

  async embed({ model, input, options }: EmbedRequest, { signal }: CallOptions): Promise<EmbedResponse> {
    const texts = [input].flat();
    await this.#send(model, 10 * texts.length, options, signal);
    return { model, embeddings: texts.map(() => [1]) };
  }

  async #answer<T>(value: T): Promise<T> {
    await Promise.resolve();
    if (!this.isUp) throw new ProblemError(unreachable(this.host));
    return value;
  }

  async #send(name: string, tokens: number, options: unknown, signal: AbortSignal): Promise<WireMetrics> {
    signal.throwIfAborted();
    await this.#answer(undefined);
    const model = this.#models.get(normalizeModelName(name));
    if (!model) throw new ProblemError({ code: 'model-missing', message: `model '${name}' is not installed` });
    const numCtx = (options as { num_ctx?: number } | undefined)?.num_ctx;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#open.delete(fail);
        signal.removeEventListener('abort', onAbort);
      };
      const hangUp = this.#server.send(
        { model, numCtx, promptTokens: 0, outputTokens: tokens },
        {
          onEnd: (end) => {
            settle();
            if (end.kind === 'failed') reject(new ProblemError({ code: 'server-busy', message: 'busy' }));
            else resolve(toMetrics(end.timing, tokens));
          },
        },
      );
      const fail = (error: Error): void => {
        settle();
        hangUp();
        reject(error);
      };
      const onAbort = (): void => fail(signal.reason as Error);
      signal.addEventListener('abort', onAbort);
      this.#open.add(fail);
      this.mostOpen = Math.max(this.mostOpen, this.#open.size);
    });
  }

  #start(): ServerModel {
    const { models: _models, held: _held, fates: _fates, ...settings } = this.#draft;
    const exact = { prepareMs: 0, prepareSpreadMs: 0, maxLoaded: 1, memoryBytes: 1e12 };
    const all = { ...defaultServerSettings, ...exact, ...settings };
    return createServerModel({ settings: all, clock: this.#clock, random: () => 0 });
  }
}

function toMetrics({ loadMs, totalMs }: Timing, tokens: number): WireMetrics {
  return { load_duration: loadMs * 1e6, total_duration: totalMs * 1e6, eval_count: tokens };
}

/** Ten tokens are an answer. */
function toModel(name: string, { loadMs = 5_000, answerMs = 1_000 }: { loadMs?: number; answerMs?: number }) {
  const rates = { loadMs, tokensPerSecond: 10_000 / answerMs, promptTokensPerSecond: 1e9 };
  return guessModel({
    name,
    ...rates,
    sizeBytes: 1e9,
    contextBytes: 0,
    capabilities: ['completion'],
  });
}

export interface VirtualRun {
  events: RunEvent[];
  servers: VirtualOllama[];
  ms: number;
}

export interface VirtualRunDraft extends Omit<RunDraft, 'servers' | 'clock'> {
  servers: Readonly<Record<string, VirtualServerDraft>>;
  /** What happens at a time after the start, in milliseconds. */
  at?: Readonly<Record<number, (servers: VirtualOllama[]) => void>>;
}

/** Carries a plan out in virtual time, as fast as it can be computed. */
export async function runVirtually(plan: Plan, draft: VirtualRunDraft): Promise<VirtualRun> {
  const { events, servers, ms } = await runTogether([plan], draft);
  return { events: events[0] ?? [], servers, ms };
}

/** Carries several plans out on the same servers at the same time. */
export async function runTogether(
  plans: readonly Plan[],
  { servers: drafts, at = {}, ...draft }: VirtualRunDraft,
): Promise<Omit<VirtualRun, 'events'> & { events: RunEvent[][] }> {
  const clock = new ManualClock();
  const servers = Object.entries(drafts).map(([host, server]) => new VirtualOllama(host, clock, server));
  const startedAt = clock.now();
  for (const [ms, act] of Object.entries(at)) clock.after(Number(ms), () => act(servers));
  const loaded = new Map(Object.entries(drafts).map(([host, { held = [] }]) => [host, held.map(toLoaded)]));
  const runs = plans.map((plan) => startPlan(plan, { loaded, ...draft, servers, clock }));
  const state: { endedAt?: number } = {};
  const done = Promise.all(runs.map((run) => run.done)).finally(() => (state.endedAt = clock.now()));
  done.catch(() => undefined);
  const isOver = (): boolean => state.endedAt !== undefined;
  for (let idle = 0; !isOver();) {
    await settled();
    idle = clock.untilNext === undefined ? idle + 1 : 0;
    if (idle > 5) throw new Error(`the runs hang after ${JSON.stringify(runs.map(({ events }) => events.at(-1)))}`);
    if (!isOver() && clock.untilNext !== undefined) clock.advance(clock.untilNext);
  }
  await done;
  return { events: runs.map(({ events }) => events), servers, ms: (state.endedAt ?? startedAt) - startedAt };
}

/** As the survey has seen it. */
function toLoaded({ model, numCtx }: { model: string; numCtx?: number | undefined }) {
  return { name: normalizeModelName(model), context_length: numCtx ?? defaultServerSettings.numCtx };
}
