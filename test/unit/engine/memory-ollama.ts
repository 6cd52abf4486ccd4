import { ProblemError, type Problem } from '../../../src/errors/problem.ts';
import type { CallOptions, OllamaClient } from '../../../src/ollama/client.ts';
import type {
  ChatChunk,
  EmbedRequest,
  EmbedResponse,
  GenerateChunk,
  GenerateRequest,
  LoadedModel,
  WireMetrics,
} from '../../../src/ollama/wire.ts';

/** A prompt that came in, and the means to answer it. */
export interface MemoryCall {
  model: string;
  /** The prompt; of an embed call its texts. */
  input: string | string[];
  options: Record<string, unknown> | undefined;
  signal: AbortSignal;
  send: (text: string) => void;
  finish: (metrics?: WireMetrics) => void;
  fail: (problem: Problem) => void;
}

type Piece = { text: string } | { done: WireMetrics };

/**
 * An Ollama server in memory, with room for so many models. Without `onCall` a call waits for {@link MemoryOllama.next};
 * loads are counted when a model answers that was not in memory.
 */
export class MemoryOllama implements OllamaClient {
  readonly host: string;
  readonly inFlight = new Map<string, number>();
  /** Models in memory, the one used last at the end. */
  readonly memory: string[] = [];
  /** Requests to load or unload: the model, its keep_alive and options. */
  readonly keepAlives: Pick<GenerateRequest, 'model' | 'keep_alive' | 'options'>[] = [];
  readonly prompts: MemoryCall[] = [];
  loads = 0;
  isUp = true;
  #waiting: MemoryCall[] = [];
  #takers: ((call: MemoryCall) => void)[] = [];
  readonly #room: number;
  readonly #onCall: ((call: MemoryCall) => void) | undefined;

  constructor(host: string, { room = 1, onCall }: { room?: number; onCall?: (call: MemoryCall) => void } = {}) {
    this.host = host;
    this.#room = room;
    this.#onCall = onCall;
  }

  /** The next prompt that nobody has taken yet. */
  next(): Promise<MemoryCall> {
    const call = this.#waiting.shift();
    return call ? Promise.resolve(call) : new Promise((take) => this.#takers.push(take));
  }

  version = (): Promise<string> =>
    this.isUp ? Promise.resolve('0.24.0') : Promise.reject(new ProblemError(unreachable(this.host)));

  list = () => Promise.resolve([]);

  loaded = () => Promise.resolve(this.memory.map((name) => ({ name, context_length: 4096 }) as LoadedModel));

  show = () => Promise.resolve({ model_info: {} });

  async *pull() {
    yield await Promise.resolve({ status: 'success' });
  }

  async *generate({ model, prompt, keep_alive, options }: GenerateRequest, { signal }: CallOptions) {
    if (prompt === '') {
      await Promise.resolve();
      this.#keepAlive({ model, keep_alive, options });
      return;
    }
    const chunk = { model, created_at: '', response: '', done: false };
    for await (const piece of this.#answer(model, prompt, options, signal)) {
      if ('text' in piece) yield { ...chunk, response: piece.text } satisfies GenerateChunk;
      else yield { ...chunk, ...piece.done, done: true } satisfies GenerateChunk;
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- not used by the engine's own tests
  async *chat(): AsyncGenerator<ChatChunk> {
    throw new Error('not made to chat');
  }

  async embed({ model, input, keep_alive, options }: EmbedRequest, { signal }: CallOptions): Promise<EmbedResponse> {
    if (input === '') this.#keepAlive({ model, keep_alive, options });
    if (input === '') return { model, embeddings: [] };
    for await (const _ of this.#answer(model, input, options, signal));
    return { model, embeddings: [input].flat().map((text) => [text.length, 1]), prompt_eval_count: 7 };
  }

  async *#answer(
    model: string,
    input: MemoryCall['input'],
    options: Record<string, unknown> | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Piece> {
    const pieces: Piece[] = [];
    const state: { ended: boolean; problem?: Problem; wake: () => void } = { ended: false, wake: () => undefined };
    const end = (problem?: Problem): void => {
      Object.assign(state, { ended: true, problem });
      state.wake();
    };
    const push = (piece: Piece): void => {
      this.#use(model);
      pieces.push(piece);
      state.wake();
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', () => end());
    this.inFlight.set(model, (this.inFlight.get(model) ?? 0) + 1);
    try {
      this.#offer({
        ...{ model, input, options, signal },
        send: (text) => push({ text }),
        finish: (metrics = {}) => {
          push({ done: { done_reason: 'stop', eval_count: 1, ...metrics } });
          end();
        },
        fail: (problem) => end(problem),
      });
      for (;;) {
        for (let piece = pieces.shift(); piece; piece = pieces.shift()) yield piece;
        signal.throwIfAborted();
        if (state.problem) throw new ProblemError(state.problem);
        if (state.ended) return;
        await new Promise<void>((resolve) => (state.wake = resolve));
      }
    } finally {
      this.inFlight.set(model, (this.inFlight.get(model) ?? 1) - 1);
    }
  }

  #offer(call: MemoryCall): void {
    this.prompts.push(call);
    if (this.#onCall) return this.#onCall(call);
    const take = this.#takers.shift();
    if (take) take(call);
    else this.#waiting.push(call);
  }

  #keepAlive(request: (typeof this.keepAlives)[number]): void {
    this.keepAlives.push(request);
    if (request.keep_alive === 0) this.memory.splice(this.memory.indexOf(request.model), 1);
    else this.#use(request.model);
  }

  #use(model: string): void {
    const at = this.memory.indexOf(model);
    if (at === -1) this.loads += 1;
    else this.memory.splice(at, 1);
    this.memory.push(model);
    if (this.memory.length > this.#room) this.memory.shift();
  }
}

export function unreachable(host: string): Problem {
  return { code: 'host-unreachable', message: `no Ollama server answers at ${host}: connection refused`, host };
}
