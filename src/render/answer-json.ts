import { toRunDocument } from '../events/to-run-document.ts';
import { neutralizeJson } from '../lib/neutralize.ts';
import { createAtEnd } from './at-end.ts';
import type { RenderContext, Renderer } from './renderer.ts';

/** The run document. */
export function createJsonAnswer({ screen, terminal }: RenderContext): Renderer {
  return createAtEnd(async (run) => {
    const json = `${JSON.stringify(toRunDocument(run), undefined, 2)}\n`;
    screen.print(terminal.stdout ? neutralizeJson(json) : json);
    await screen.drained();
  });
}
