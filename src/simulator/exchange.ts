// In: a request, with the size of its prompt and its answer. Out: what becomes of it, and when.
import type { Clock } from '../host/host.ts';
import type { LoadedModel } from './loaded-model.ts';
import type { Processor } from './processor.ts';
import type { ModelWish, Refused, Scheduler } from './scheduler.ts';
import type { VirtualModel } from './virtual-model.ts';

/** A request to a model as far as time and memory are concerned. */
export interface Asked {
  model: VirtualModel;
  numCtx?: number | undefined;
  /** How long the model is to stay afterwards; undefined: as it is. */
  keepAliveMs?: number | undefined;
  /** None, and no answer either: the model is to be loaded, no more. */
  promptTokens: number;
  /** Its text, for a server that does not evaluate anew what it evaluated last. */
  prompt?: string | undefined;
  outputTokens: number;
  /** Makes evaluation and answer so many times slower; default 1. */
  slowness?: number | undefined;
}

/** What is told of a request, in this order. Nothing is told once its client has hung up. */
export interface Listener {
  /** It has its model: from here on it waits for a slot, unless it would rather leave. */
  onLoaded?: ((loaded: LoadedModel) => 'stay' | 'leave') | undefined;
  /** A token of the answer, counted from 0. Without it the answer is computed in one piece, which is quicker. */
  onToken?: ((index: number) => void) | undefined;
  onEnd: (end: End) => void;
}

/** How a request ends; `killed`: what computed its answer crashed. */
export type End = { kind: 'answered'; timing: Timing } | { kind: 'failed'; reason: Refused | 'killed' };

/** Where the time of a request went. What is missing of the whole is the wait for a slot. */
export interface Timing {
  totalMs: number;
  /** Until it had its model: also the wait for others to leave. */
  loadMs: number;
  promptMs: number;
  outputMs: number;
}

/** One request on its way: through the handler, the queue, the line for a slot, its prompt and its answer. */
export class Exchange {
  readonly #asked: Asked;
  readonly #listener: Listener;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #sentAtMs: number;
  readonly #timing: Timing = { totalMs: 0, loadMs: 0, promptMs: 0, outputMs: 0 };
  /** What hanging up does where the request is now. */
  #leave: () => void;
  #giveBackSlot: () => void = nothing;
  #giveBackModel: () => void = nothing;

  /** @param prepareMs work of a core before the scheduler hears of it */
  constructor(
    asked: Asked,
    listener: Listener,
    { clock, cpu, scheduler, prepareMs }: { clock: Clock; cpu: Processor; scheduler: Scheduler; prepareMs: number },
  ) {
    this.#asked = asked;
    this.#listener = listener;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#sentAtMs = clock.now();
    this.#leave = cpu.work(prepareMs, () => this.#askForModel());
  }

  hangUp(): void {
    const leave = this.#leave;
    this.#leave = nothing;
    leave();
  }

  #askForModel(): void {
    const wish: ModelWish = {
      ...this.#asked,
      onReady: (loaded) => this.#waitForSlot(loaded),
      onRefused: (reason) => this.#end({ kind: 'failed', reason }),
    };
    this.#leave = () => this.#scheduler.leave(wish);
    this.#scheduler.ask(wish);
  }

  #waitForSlot(loaded: LoadedModel): void {
    this.#timing.loadMs = this.#clock.now() - this.#sentAtMs;
    const leaveModel = loaded.enter(() => this.#end({ kind: 'failed', reason: 'killed' }));
    this.#giveBackModel = () => {
      leaveModel();
      this.#scheduler.giveBack(loaded);
    };
    this.#leave = () => this.#giveBackAll();
    if (this.#listener.onLoaded?.(loaded) === 'leave') return this.hangUp();
    if (this.#asked.promptTokens + this.#asked.outputTokens === 0) this.#finish();
    else this.#giveBackSlot = loaded.takeSlot(() => this.#evaluatePrompt(loaded));
  }

  #evaluatePrompt(loaded: LoadedModel): void {
    const { promptTokens, prompt, slowness = 1 } = this.#asked;
    const known = prompt === undefined ? 0 : loaded.recall(prompt);
    const ms = (promptTokens * (1 - known) * 1000 * slowness) / loaded.model.promptTokensPerSecond;
    const startedAtMs = this.#clock.now();
    let isAbandoned = false;
    loaded.processor.work(ms, () => {
      if (isAbandoned) return this.#giveBackSlot();
      this.#timing.promptMs = this.#clock.now() - startedAtMs;
      this.#answer(loaded);
    });
    // Evaluation goes on when nobody wants it any more, and holds its slot until it ends.
    this.#leave = () => {
      isAbandoned = true;
      this.#giveBackModel();
    };
  }

  #answer({ model, processor }: LoadedModel): void {
    const { outputTokens, slowness = 1 } = this.#asked;
    const { onToken } = this.#listener;
    const startedAtMs = this.#clock.now();
    const tokenMs = (1000 * slowness) / model.tokensPerSecond;
    const pieces = onToken ? outputTokens : 1;
    const compute = (index: number): void => {
      if (index === pieces) {
        this.#timing.outputMs = this.#clock.now() - startedAtMs;
        return this.#finish();
      }
      const stop = processor.work((tokenMs * outputTokens) / pieces, () => {
        onToken?.(index);
        // Whoever hears of a token may hang up.
        if (this.#leave !== nothing) compute(index + 1);
      });
      this.#leave = () => {
        stop();
        this.#giveBackAll();
      };
    };
    compute(0);
  }

  #finish(): void {
    this.#timing.totalMs = this.#clock.now() - this.#sentAtMs;
    this.#giveBackAll();
    this.#end({ kind: 'answered', timing: this.#timing });
  }

  #giveBackAll(): void {
    this.#giveBackSlot();
    this.#giveBackModel();
  }

  #end(end: End): void {
    this.#leave = nothing;
    this.#listener.onEnd(end);
  }
}

const nothing = (): void => undefined;
