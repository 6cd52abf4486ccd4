import type { RunEvent } from '../events/event.ts';
import { reduce } from '../events/reduce.ts';
import type { RunState } from '../events/run-state.ts';
import { formatBlock } from './block.ts';
import { hasNews } from './has-news.ts';
import { openLiveBlock, type LiveBlock } from './live-block.ts';
import { createPaint } from './paint.ts';
import type { RenderContext, Renderer } from './renderer.ts';
import { formatSummary } from './summary.ts';

const frameMs = 200;
const maxRows = 12;
/** Rows of the terminal left to what was there before. */
const rowsKept = 4;

/** A live view on a terminal: a few rows drawn over and over while the run lasts, then a summary that stays. */
export function createTtyView(context: RenderContext): Renderer {
  const { host, screen } = context;
  const { stderr } = host.io;
  const paint = createPaint(context.color.stderr);
  const tails = createTails();
  let state: RunState | undefined;
  let block: LiveBlock | undefined;
  let stopTimer: (() => void) | undefined;

  const draw = () => {
    stopTimer = undefined;
    if (!state || state.status !== 'running') return;
    block ??= open();
    const rows = Math.max(1, Math.min((stderr.rows ?? 24) - rowsKept, maxRows));
    const columns = stderr.columns ?? 80;
    const { unicode } = context;
    block.show(formatBlock(state, { columns, rows, now: host.clock.now(), unicode, paint, tails: tails.byTask }));
    stopTimer = host.clock.after(frameMs, draw);
  };
  const open = () => {
    const opened = openLiveBlock(stderr, maxRows);
    if (context.terminal.stdout) screen.share((write) => opened.makeRoom(write));
    return opened;
  };

  return {
    onEvent(event) {
      state = reduce(state, event);
      tails.onEvent(event);
      if (event.type === 'run.started') stopTimer ??= host.clock.after(0, draw);
    },
    onPast(event) {
      state = reduce(state, event);
    },
    async close() {
      stopTimer?.();
      screen.share(undefined);
      await block?.end();
      if (!state || !hasNews(state, host)) return;
      if (context.terminal.stdout && screen.hasPrinted()) stderr.write('\n');
      stderr.write(formatSummary(state, { columns: stderr.columns ?? 80, ...context, paint }));
    },
  };
}

/** Characters of an answer kept for the view; more never fit into a row. */
const tailLength = 400;

/** The end of what each running task has written. Called for every delta, thousands a second. */
function createTails(): { byTask: ReadonlyMap<string, string>; onEvent: (event: RunEvent) => void } {
  const byTask = new Map<string, string>();
  return {
    byTask,
    onEvent(event) {
      if (event.type === 'task.delta') {
        const text = (byTask.get(event.task) ?? '') + event.text;
        byTask.set(event.task, text.length > 2 * tailLength ? text.slice(-tailLength) : text);
      } else if (event.type === 'task.started' || event.type === 'task.finished') {
        byTask.delete(event.task);
      }
    },
  };
}
