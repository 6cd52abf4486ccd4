import { record, type RunRecord } from '../events/to-run-document.ts';
import { neutralize } from '../lib/neutralize.ts';
import { formatReport } from './markdown.ts';
import type { RenderContext, Renderer } from './renderer.ts';

/** A report of the whole run, once it has ended. */
export function createMarkdownAnswer({ screen, terminal }: RenderContext): Renderer {
  let run: RunRecord | undefined;
  return {
    onEvent(event) {
      run = record(run, event);
    },
    async close() {
      if (!run) return;
      const report = formatReport(run, { maxOutputLength: Infinity, maxRows: Infinity });
      screen.print(terminal.stdout ? neutralize(report) : report);
      await screen.drained();
    },
  };
}
