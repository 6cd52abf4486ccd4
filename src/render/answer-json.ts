import { record, toRunDocument, type RunRecord } from '../events/to-run-document.ts';
import { neutralizeJson } from '../lib/neutralize.ts';
import type { RenderContext, Renderer } from './renderer.ts';

/** The run document, once the run has ended or broken off. */
export function createJsonAnswer({ screen, terminal }: RenderContext): Renderer {
  let run: RunRecord | undefined;
  return {
    onEvent(event) {
      run = record(run, event);
    },
    async close() {
      if (!run) return;
      const json = `${JSON.stringify(toRunDocument(run), undefined, 2)}\n`;
      screen.print(terminal.stdout ? neutralizeJson(json) : json);
      await screen.drained();
    },
  };
}
