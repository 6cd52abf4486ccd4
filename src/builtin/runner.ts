import type { Clock } from '../host/host.ts';
import { defaultKeepAliveMs } from '../ollama/wire-keep-alive.ts';
import type { LlamaEngine, LlamaModel } from './llama-engine.ts';
import type { BuiltinModel } from './model-library.ts';
import { createSlot } from './slot.ts';

/** Holds at most one model in memory and lends it to one request at a time, in the order of asking. */
export interface Runner {
  /** Waits for the model's turn and loads it if need be. */
  borrow(wanted: Wanted, signal: AbortSignal): Promise<Loan>;
  loaded(): Loaded | undefined;
  /** Frees the memory as soon as no request uses the model. */
  unload(model: BuiltinModel): void;
  close(): Promise<void>;
}

export interface Wanted {
  model: BuiltinModel;
  contextLength: number;
  threads: number;
  /** How long the model stays afterwards; undefined: as it is. */
  keepAliveMs?: number | undefined;
}

export interface Loan {
  llama: LlamaModel;
  /** Waiting for another model to finish and loading count as loading; waiting for this model does not. */
  loadMs: number;
  release(): void;
}

export interface Loaded {
  model: BuiltinModel;
  contextLength: number;
  sizeBytes: number;
  /** Infinity: for ever. */
  expiresAtMs: number;
}

interface Held extends Loaded {
  llama: LlamaModel;
  threads: number;
  keepAliveMs: number;
  loadedAtMs: number;
}

/** Timers for longer than that fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** A {@link Runner} over an engine. */
export function createRunner(engine: LlamaEngine, clock: Clock): Runner {
  const takeSlot = createSlot();
  let held: Held | undefined;
  let isLent = false;
  let cancelExpiry: () => void = () => undefined;

  return {
    async borrow(wanted, signal) {
      const askedAtMs = clock.now();
      const wasHeld = fits(held, wanted);
      const leaveSlot = await takeSlot(signal);
      const turnAtMs = clock.now();
      try {
        cancelExpiry();
        if (!fits(held, wanted)) await load(wanted, signal);
        signal.throwIfAborted();
        if (!held) throw new Error('the model went away while it loaded');
        held.keepAliveMs = wanted.keepAliveMs ?? held.keepAliveMs;
        isLent = true;
        const loadMs = wasHeld ? clock.now() - turnAtMs : held.loadedAtMs - askedAtMs;
        return { llama: held.llama, loadMs, release: () => void giveBack(leaveSlot) };
      } catch (error) {
        expireLater();
        leaveSlot();
        throw error;
      }
    },
    loaded: () => held,
    unload({ digest }) {
      if (held?.model.digest !== digest) return;
      held.keepAliveMs = 0;
      if (!isLent) void dropModel();
    },
    async close() {
      cancelExpiry();
      await dropModel();
    },
  };

  async function load({ model, contextLength, threads }: Wanted, signal: AbortSignal): Promise<void> {
    await dropModel();
    const llama = await engine.load(model.file, { contextLength, threads, signal });
    const times = { keepAliveMs: defaultKeepAliveMs, expiresAtMs: Infinity, loadedAtMs: clock.now() };
    held = { model, contextLength, threads, sizeBytes: llama.sizeBytes, llama, ...times };
  }

  async function dropModel(): Promise<void> {
    const { llama } = held ?? {};
    held = undefined;
    await llama?.dispose();
  }

  async function giveBack(leaveSlot: () => void): Promise<void> {
    isLent = false;
    if (held?.keepAliveMs === 0) await dropModel();
    else expireLater();
    leaveSlot();
  }

  function expireLater(): void {
    if (!held) return;
    held.expiresAtMs = clock.now() + held.keepAliveMs;
    if (held.keepAliveMs <= longestTimerMs) cancelExpiry = clock.after(held.keepAliveMs, () => void dropModel());
  }
}

/** The same weights with the same context; anything else is loaded anew. */
function fits(held: Held | undefined, { model, contextLength, threads }: Wanted): boolean {
  return held?.model.digest === model.digest && held.contextLength === contextLength && held.threads === threads;
}
