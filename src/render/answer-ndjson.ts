import { encodeEvent } from '../events/encode.ts';
import { neutralizeJson } from '../lib/neutralize.ts';
import type { RenderContext, Renderer } from './renderer.ts';

/** One event, one line, as they happen. */
export function createNdjsonAnswer({ screen, terminal }: RenderContext): Renderer {
  return {
    onEvent(event) {
      const line = encodeEvent(event);
      screen.print(terminal.stdout ? neutralizeJson(line) : line);
    },
    // They were printed when they happened, and export-run prints them all.
    onPast: () => undefined,
    close: () => screen.drained(),
  };
}
