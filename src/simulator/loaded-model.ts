import type { Clock } from '../host/host.ts';
import { Fifo } from '../lib/fifo.ts';
import { onModel, Processor } from './processor.ts';
import type { VirtualModel } from './virtual-model.ts';

/** What a model was loaded as. */
export interface LoadedAs {
  model: VirtualModel;
  numCtx: number;
  slots: number;
  memoryBytes: number;
  keepAliveMs: number;
}

interface Waiter {
  start: () => void;
  hasLeft: boolean;
}

/** A model in memory: its slots, who waits for one, and how long it stays. */
export class LoadedModel {
  readonly model: VirtualModel;
  readonly numCtx: number;
  readonly memoryBytes: number;
  readonly processor: Processor;
  /** How long it stays when idle; the last request that said so decides. */
  keepAliveMs: number;
  /** When it goes unless it is asked again; while it is in use, as of now. */
  expiresAtMs = Infinity;
  /** Requests that were lent this model and have not given it back. */
  users = 0;
  cancelExpiry: () => void = () => undefined;
  /** Prompts that were evaluated last, one for each slot. */
  readonly #lastPrompts: string[] = [];
  readonly #slots: number;
  readonly #waiters = new Fifo<Waiter>();
  readonly #inside = new Set<() => void>();
  readonly #holders = new Set<Waiter>();

  constructor({ model, numCtx, slots, memoryBytes, keepAliveMs }: LoadedAs, clock: Clock) {
    this.model = model;
    this.numCtx = numCtx;
    this.memoryBytes = memoryBytes;
    this.keepAliveMs = keepAliveMs;
    this.processor = new Processor(clock, onModel);
    this.#slots = slots;
  }

  /** Tells a request when the model crashes; returns what is to be called when it is over before. */
  enter(onKilled: () => void): () => void {
    this.#inside.add(onKilled);
    return () => this.#inside.delete(onKilled);
  }

  /** Nothing that it computes is ever done. */
  kill(): void {
    this.cancelExpiry();
    this.processor.kill();
    for (const onKilled of [...this.#inside]) onKilled();
  }

  /** Calls back once there is a slot, first come first served. Returns what gives it back, or leaves the line. */
  takeSlot(start: () => void): () => void {
    const waiter: Waiter = { start, hasLeft: false };
    if (this.#holders.size < this.#slots) this.#give(waiter);
    else this.#waiters.push(waiter);
    return () => {
      waiter.hasLeft = true;
      if (this.#holders.delete(waiter)) this.#giveNext();
    };
  }

  /** The part of a prompt that need not be evaluated again, from 0 to 1; the prompt is remembered. */
  recall(prompt: string): number {
    const known = Math.max(0, ...this.#lastPrompts.map((last) => commonLength(last, prompt)));
    this.#lastPrompts.push(prompt);
    if (this.#lastPrompts.length > this.#slots) this.#lastPrompts.shift();
    return prompt === '' ? 0 : known / prompt.length;
  }

  #give(waiter: Waiter): void {
    this.#holders.add(waiter);
    waiter.start();
  }

  #giveNext(): void {
    let next = this.#waiters.shift();
    while (next?.hasLeft) next = this.#waiters.shift();
    if (next) this.#give(next);
  }
}

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}
