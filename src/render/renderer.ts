import type { RunEvent } from '../events/event.ts';
import type { Host } from '../host/host.ts';
import type { Screen } from './screen.ts';

/** A view of a run. It only consumes events; it never asks the engine. */
export interface Renderer {
  onEvent: (event: RunEvent) => void;
  /** Of an earlier part of the run, before the first event of this one; default: it is an event like any other. */
  onPast?: ((event: RunEvent) => void) | undefined;
  /** After `run.finished`, or when the run broke off: leave the terminal as it was found. Resolves when all is written. */
  close: () => Promise<void> | void;
}

/** What a view may know of the outside world; made once, in `index.ts`. */
export interface RenderContext {
  host: Pick<Host, 'io' | 'clock' | 'files' | 'env' | 'signal'>;
  /** Where results go, with a live view on the same terminal making room for them. */
  screen: Screen;
  /** Whether text on the stream is seen by a person, so that what the model wrote must be neutralised. */
  terminal: PerStream;
  /** Whether to colour what goes to the stream. */
  color: PerStream;
  /** Whether the terminal shows more than ASCII. */
  unicode: boolean;
  verbose: boolean;
}

interface PerStream {
  stdout: boolean;
  stderr: boolean;
}

export type RendererFactory = (context: RenderContext) => Renderer;
