// In: what the user asked to see, and what the streams are. Out: one renderer that is all the views.
// The only place that asks isTTY, CI, NO_COLOR, FORCE_COLOR, TERM and the locale.
import type { RunEvent } from '../events/event.ts';
import type { Host, Output } from '../host/host.ts';
import { isSet } from '../lib/is-set.ts';
import { isComparison } from './comparison.ts';
import { createDeferredRenderer, fanOut } from './fan-out.ts';
import { isStreamed } from './is-streamed.ts';
import type { RenderContext, Renderer, RendererFactory } from './renderer.ts';
import { createScreen } from './screen.ts';

/** How the results of a run may be printed on stdout. Each loads what it needs when it is asked for. */
export const answerFormats = {
  text: async (first) =>
    isCompared(first)
      ? (await import('./answer-comparison.ts')).createComparisonAnswer
      : (await import('./answer-text.ts')).createTextAnswer,
  json: async () => (await import('./answer-json.ts')).createJsonAnswer,
  ndjson: async () => (await import('./answer-ndjson.ts')).createNdjsonAnswer,
  markdown: async () => (await import('./answer-markdown.ts')).createMarkdownAnswer,
} as const satisfies Record<string, (first: RunEvent) => Promise<RendererFactory>>;

/** How progress may be told on stderr. */
const progressViews = {
  tty: async () => (await import('./tty.ts')).createTtyView,
  lines: async () => (await import('./lines.ts')).createLinesView,
  notices: async () => (await import('./lines.ts')).createNoticesView,
  past: async () => (await import('./past.ts')).createPastView,
  quiet: async () => (await import('./quiet.ts')).createQuietView,
} as const satisfies Record<string, () => Promise<RendererFactory>>;

export interface RenderOptions {
  /** Default `text`. */
  output?: keyof typeof answerFormats | undefined;
  quiet: boolean;
  verbose: boolean;
  /** The run was carried out before: there is nothing to watch, and no job of CI to report to. */
  isPast?: boolean | undefined;
  /** What the user said about colours; absent: the environment decides. */
  color?: boolean | undefined;
}

/** All the views of one run: results on stdout, progress on stderr, the job summary of a CI run. */
export function createRenderer(options: RenderOptions, host: Host): Renderer {
  const context = createContext(options, host);
  return createDeferredRenderer(async (first) => {
    const output = options.output ?? 'text';
    const factories = [
      answerFormats[output](first),
      ...(host.env['GITHUB_STEP_SUMMARY'] && options.isPast !== true ? [stepSummary()] : []),
      // Last, so that what stays on the terminal is the summary below the results.
      progressViews[chooseProgress(options, output, context, first)](),
    ];
    return fanOut((await Promise.all(factories)).map((create) => create(context)));
  });
}

function isCompared(first: RunEvent): boolean {
  return first.type === 'run.started' && isComparison(first.plan.tasks.map(({ task }) => task));
}

async function stepSummary(): Promise<RendererFactory> {
  return (await import('./step-summary.ts')).createStepSummary;
}

function chooseProgress(
  { quiet, isPast = false }: RenderOptions,
  output: keyof typeof answerFormats,
  { host: { env }, terminal }: RenderContext,
  first: RunEvent,
): keyof typeof progressViews {
  if (quiet) return 'quiet';
  if (isPast) return 'past';
  // The terminal belongs to the answer that streams over it.
  const isText = output === 'text' && first.type === 'run.started' && isStreamed(first);
  if (terminal.stdout && (isText || output === 'ndjson')) return 'notices';
  const isLive = terminal.stderr && env['TERM'] !== 'dumb' && !isSet(env['CI']);
  return isLive ? 'tty' : 'lines';
}

function createContext(options: RenderOptions, host: Host): RenderContext {
  const { stdout, stderr } = host.io;
  const isPiped = (stream: Output) => stream.isTTY !== true;
  return {
    host,
    screen: createScreen(stdout),
    terminal: { stdout: !isPiped(stdout), stderr: !isPiped(stderr) },
    color: { stdout: hasColor(options, host, stdout), stderr: hasColor(options, host, stderr) },
    unicode: hasUnicode(host),
    verbose: options.verbose,
  };
}

/** The flag decides, then FORCE_COLOR, then NO_COLOR, as in Node; then whether it is a terminal that can. */
function hasColor({ color }: RenderOptions, { env }: Host, stream: Output): boolean {
  if (color !== undefined) return color;
  if (env['FORCE_COLOR'] !== undefined) return isSet(env['FORCE_COLOR']) || env['FORCE_COLOR'] === '';
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb' && stream.isTTY === true;
}

/** A locale that names another encoding says no; without any locale only terminals known to be plain do. */
function hasUnicode({ env, platform }: Host): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value);
  if (locale !== undefined && platform !== 'win32') return /utf-?8/i.test(locale);
  return env['TERM'] !== 'linux' && env['TERM'] !== 'dumb';
}
