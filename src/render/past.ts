import { reduce } from '../events/reduce.ts';
import type { RunState } from '../events/run-state.ts';
import { createPaint } from './paint.ts';
import type { RenderContext, Renderer } from './renderer.ts';
import { formatSummary } from './summary.ts';
import { runText } from './words.ts';

/** A run that is looked at afterwards: which one it is, and the summary that stood below its answers. */
export function createPastView(context: RenderContext): Renderer {
  const { host, color, screen, terminal } = context;
  const { stderr } = host.io;
  const paint = createPaint(color.stderr);
  let state: RunState | undefined;
  return {
    onEvent(event) {
      state = reduce(state, event);
    },
    close() {
      if (!state) return;
      if (terminal.stdout && screen.hasPrinted()) stderr.write('\n');
      stderr.write(`${runText(state)}, ${state.status}, started ${state.started_at}\n`);
      stderr.write(formatSummary(state, { columns: stderr.columns ?? 80, ...context, paint }));
    },
  };
}
