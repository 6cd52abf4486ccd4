import { record, type RunRecord } from '../events/to-run-document.ts';
import type { Renderer } from './renderer.ts';

/** A view that waits until the run has ended, or broken off, and shows all of it then. */
export function createAtEnd(show: (run: RunRecord) => Promise<void>): Renderer {
  let run: RunRecord | undefined;
  return {
    onEvent(event) {
      run = record(run, event);
    },
    async close() {
      if (run) await show(run);
    },
  };
}
