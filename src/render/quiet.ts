import { reduce } from '../events/reduce.ts';
import type { RunState } from '../events/run-state.ts';
import { hasNews } from './has-news.ts';
import { createPaint } from './paint.ts';
import { problemLines } from './problems.ts';
import type { RenderContext, Renderer } from './renderer.ts';

/** Nothing while all goes well; the problems of a run that did not complete. */
export function createQuietView(context: RenderContext): Renderer {
  const paint = createPaint(context.color.stderr);
  let state: RunState | undefined;
  return {
    onEvent(event) {
      state = reduce(state, event);
    },
    close() {
      if (!state || state.status === 'completed' || !hasNews(state, context.host)) return;
      for (const line of problemLines(state)) context.host.io.stderr.write(`${paint.red(line)}\n`);
    },
  };
}
