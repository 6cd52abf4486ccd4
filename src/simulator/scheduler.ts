// In: requests for models. Out: each its model in memory, or why not. As Ollama's scheduler does it: one loop that loads
// one model after another, and is passed by whoever asks for what is loaded.
import type { Clock } from '../host/host.ts';
import { Fifo } from '../lib/fifo.ts';
import { LoadedModel } from './loaded-model.ts';
import type { Processor } from './processor.ts';
import type { ServerSettings } from './server-settings.ts';
import { effectiveNumCtx, memoryBytesOf, slotsOf, type VirtualModel } from './virtual-model.ts';

/** A request for a model. */
export interface ModelWish {
  model: VirtualModel;
  numCtx?: number | undefined;
  /** How long the model is to stay; undefined: as it is. */
  keepAliveMs?: number | undefined;
  onReady: (loaded: LoadedModel) => void;
  onRefused: (reason: Refused) => void;
}

/** `busy`: too many wait; `too-large`: the model never fits; `crashed`: its load failed. */
export type Refused = 'busy' | 'too-large' | 'crashed';

/** How a load ends: well, by a crash, or never. */
export type LoadFate = 'load' | 'crash' | 'hang';

export interface SchedulerOptions {
  settings: ServerSettings;
  clock: Clock;
  /** What loads take their work from. */
  cpu: Processor;
  fateOf?: ((model: VirtualModel) => LoadFate) | undefined;
}

interface Pending {
  wish: ModelWish;
  numCtx: number;
}

export class Scheduler {
  /** Loads that succeeded, by model. */
  readonly loads = new Map<string, number>();
  readonly loaded = new Map<string, LoadedModel>();
  readonly #settings: ServerSettings;
  readonly #clock: Clock;
  readonly #cpu: Processor;
  readonly #fateOf: (model: VirtualModel) => LoadFate;
  readonly #pending = new Fifo<Pending>();
  readonly #gone = new WeakSet<ModelWish>();
  /** What the loop is at: nothing else is loaded before it has its model. */
  #head: Pending | undefined;
  #cancelLoad: (() => void) | undefined;
  /** Models whose memory is not free yet. */
  #leaving = 0;
  #isAdvancing = false;

  constructor({ settings, clock, cpu, fateOf = () => 'load' }: SchedulerOptions) {
    this.#settings = settings;
    this.#clock = clock;
    this.#cpu = cpu;
    this.#fateOf = fateOf;
  }

  get totalLoads(): number {
    return [...this.loads.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Has a model in memory that was loaded before anybody counted. */
  place(model: VirtualModel, numCtx?: number): void {
    this.#stay(this.#hold(model, effectiveNumCtx(model, numCtx, this.#settings.numCtx)));
  }

  /** Asks for a model; the wish may be granted or refused before this returns. */
  ask(wish: ModelWish): void {
    const numCtx = effectiveNumCtx(wish.model, wish.numCtx, this.#settings.numCtx);
    const loaded = this.loaded.get(wish.model.name);
    if (loaded?.numCtx === numCtx) return this.#lend(loaded, wish);
    if (this.#head && this.#pending.length >= this.#settings.maxQueue) return wish.onRefused('busy');
    this.#pending.push({ wish, numCtx });
    this.#advance();
  }

  /** Whoever had the wish has gone before it was granted. It keeps its place until the loop reaches it. */
  leave(wish: ModelWish): void {
    this.#gone.add(wish);
    // A load belongs to the request that caused it.
    if (this.#head?.wish === wish && this.#cancelLoad) this.#endLoad();
  }

  /** A request that was given the model is over. */
  giveBack(loaded: LoadedModel): void {
    loaded.users -= 1;
    if (loaded.users > 0 || this.loaded.get(loaded.model.name) !== loaded) return;
    if (loaded.keepAliveMs <= 0) this.#drop(loaded);
    else this.#stay(loaded);
  }

  /** Has an idle model go when its time is over. */
  #stay(loaded: LoadedModel): void {
    loaded.expiresAtMs = this.#clock.now() + loaded.keepAliveMs;
    loaded.cancelExpiry();
    loaded.cancelExpiry = this.#clock.after(loaded.keepAliveMs, () => this.#drop(loaded));
  }

  /** Has a model leave as soon as it is idle, whatever it was told before. */
  unload(name: string): void {
    const loaded = this.loaded.get(name);
    if (loaded) this.#expire(loaded);
  }

  /** Ends a model with all that it computes, as when its process crashes. */
  kill(loaded: LoadedModel): void {
    if (this.loaded.get(loaded.model.name) === loaded) this.#drop(loaded);
  }

  #lend(loaded: LoadedModel, { keepAliveMs, onReady }: ModelWish): void {
    loaded.users += 1;
    loaded.cancelExpiry();
    // Also when the loop waits for this model to go: it then stays, and the loop waits on.
    if (keepAliveMs !== undefined) loaded.keepAliveMs = keepAliveMs;
    loaded.expiresAtMs = this.#clock.now() + loaded.keepAliveMs;
    onReady(loaded);
  }

  /** Has the loop go on, as far as it can without waiting. */
  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    do this.#head ??= this.#pending.shift();
    while (this.#head && this.#serve(this.#head));
    this.#isAdvancing = false;
  }

  /** Gives the head its model, begins to load it or to make room for it; whether the loop is done with it. */
  #serve(head: Pending): boolean {
    if (this.#cancelLoad || this.#leaving > 0) return false;
    if (this.#gone.has(head.wish)) return this.#endHead();
    const loaded = this.loaded.get(head.wish.model.name);
    if (loaded?.numCtx === head.numCtx) return this.#endHead(() => this.#lend(loaded, head.wish));
    const victim = loaded ?? this.#chooseVictim(head);
    if (!victim) return this.#load(head);
    this.#expire(victim);
    return false;
  }

  #endHead(answer: () => void = () => undefined): true {
    this.#head = undefined;
    answer();
    return true;
  }

  /** What has to go first; undefined: the model fits. Neither the size nor the time of the last use counts. */
  #chooseVictim(head: Pending): LoadedModel | undefined {
    const { memoryBytes, maxLoaded } = this.#settings;
    const all = [...this.loaded.values()];
    if (all.length === 0) return undefined;
    const freeBytes = memoryBytes - all.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    if (all.length < maxLoaded && this.#memoryBytesOf(head) <= 0.8 * freeBytes) return undefined;
    all.sort((a, b) => compare(a.keepAliveMs, b.keepAliveMs) || compare(a.model.name, b.model.name));
    return all.find(({ users }) => users === 0) ?? all[0];
  }

  #expire(loaded: LoadedModel): void {
    loaded.cancelExpiry();
    loaded.keepAliveMs = 0;
    if (loaded.users === 0) this.#drop(loaded);
  }

  #drop(loaded: LoadedModel): void {
    this.loaded.delete(loaded.model.name);
    loaded.kill();
    this.#leaving += 1;
    this.#clock.after(this.#settings.unloadMs, () => {
      this.#leaving -= 1;
      this.#advance();
    });
  }

  #load(head: Pending): boolean {
    const { model } = head.wish;
    if (this.#memoryBytesOf(head) > this.#settings.memoryBytes)
      return this.#endHead(() => head.wish.onRefused('too-large'));
    const fate = this.#fateOf(model);
    this.#cancelLoad = () => undefined;
    if (fate === 'hang') return false;
    this.#cancelLoad = this.#cpu.work(model.loadMs, () => {
      if (fate === 'crash') return this.#endLoad(() => head.wish.onRefused('crashed'));
      this.loads.set(model.name, (this.loads.get(model.name) ?? 0) + 1);
      const loaded = this.#hold(model, head.numCtx);
      this.#endLoad(() => this.#lend(loaded, head.wish));
    });
    return false;
  }

  #hold(model: VirtualModel, numCtx: number): LoadedModel {
    const { parallel, keepAliveMs } = this.#settings;
    const slots = slotsOf(model, parallel);
    const memoryBytes = memoryBytesOf(model, numCtx, slots);
    const loaded = new LoadedModel({ model, numCtx, slots, memoryBytes, keepAliveMs }, this.#clock);
    this.loaded.set(model.name, loaded);
    return loaded;
  }

  #memoryBytesOf({ wish: { model }, numCtx }: Pending): number {
    return memoryBytesOf(model, numCtx, slotsOf(model, this.#settings.parallel));
  }

  #endLoad(answer?: () => void): void {
    this.#cancelLoad?.();
    this.#cancelLoad = undefined;
    this.#endHead(answer);
    this.#advance();
  }
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
