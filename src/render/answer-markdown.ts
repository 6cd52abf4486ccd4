import { neutralize } from '../lib/neutralize.ts';
import { createAtEnd } from './at-end.ts';
import { formatReport } from './markdown.ts';
import type { RenderContext, Renderer } from './renderer.ts';

/** A report of the whole run. */
export function createMarkdownAnswer({ screen, terminal }: RenderContext): Renderer {
  return createAtEnd(async (run) => {
    const report = formatReport(run, { maxOutputLength: Infinity, maxRows: Infinity });
    screen.print(terminal.stdout ? neutralize(report) : report);
    await screen.drained();
  });
}
