import type { RunEvent } from '../events/event.ts';
import type { Io } from '../host/host.ts';

/** A view of a run. It only consumes events; it never asks the engine. */
export interface Renderer {
  onEvent: (event: RunEvent) => void;
  /** After `run.finished`, or when the run broke off: leave the terminal as it was found. Resolves when all is written. */
  close: () => Promise<void> | void;
}

export interface RenderContext {
  io: Io;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Calls back after a delay unless the returned function is called first. */
  after: (delayMs: number, callback: () => void) => () => void;
  /** Whether to colour what goes to stderr and stdout. */
  color: { stdout: boolean; stderr: boolean };
  verbose: boolean;
}

export type RendererFactory = (context: RenderContext) => Renderer;
