import { InvalidArgumentError, Option, type Command } from 'commander';
import type { RunOptions } from '../app/settings.ts';
import { parseGoDuration } from '../lib/go-duration.ts';
import { extractPattern } from '../tasks/answer-form.ts';
import type { GlobalFlags } from './cli.ts';
import { readBudget } from './read-budget.ts';
import { collectPairs, outputOption, readCount, readDurationMs, readGiven, readModel } from './read-options.ts';

/** The flags that say how a run is shown. */
export interface ViewFlags extends GlobalFlags {
  output?: 'text' | 'json' | 'ndjson' | 'markdown' | undefined;
}

/** The flags of a command that runs something. */
export interface RunFlags extends Omit<ViewFlags, 'output'> {
  output?: ViewFlags['output'] | 'mermaid';
  sequential?: boolean | undefined;
  keepalive?: string | undefined;
  concurrency?: number | undefined;
  /** Milliseconds. */
  timeout?: number | undefined;
  runTimeout?: number | undefined;
  budget?: RunOptions['budget'];
  retries?: number | undefined;
  failFast?: boolean | undefined;
  model?: string | undefined;
  eachModel?: boolean | undefined;
  backend?: RunOptions['backend'];
  extract?: string | undefined;
  onTruncate?: RunOptions['onTruncate'];
  option?: Record<string, string> | undefined;
  var?: Record<string, string> | undefined;
  pull?: boolean | undefined;
  reuse?: true | 'all' | undefined;
  replay?: string | undefined;
  dryRun?: boolean | undefined;
}

/** The `--output` flag of a command that runs something. */
export function runOutputOption(): Option {
  return outputOption('text', 'json', 'ndjson', 'markdown');
}

/** Adds {@link RunFlags} to a command. */
export function withRunFlags(command: Command): Command {
  return command
    .option('--sequential', 'run one after another, in order')
    .option('--keepalive <DURATION>', 'how long a model stays loaded afterwards, e.g. 5m; 0 unloads it', readKeepAlive)
    .option('--concurrency <N>', "most requests in flight, in place of the agent's limit", readCount(1, 1024))
    .option('--timeout <DURATION>', 'longest time of one attempt, e.g. 30s', readDurationMs)
    .option('--run-timeout <DURATION>', 'longest time of the whole run, e.g. 10m', readDurationMs)
    .option(
      '--budget <LIMITS>',
      'start nothing more at tokens=N, loads=N or time=D, e.g. tokens=50000,time=10m',
      readBudget,
    )
    .option('--retries <N>', 'attempts after a first one that failed', readCount(0, 100))
    .option('--fail-fast', 'start nothing more after a failure')
    .option('--model <MODEL>', 'model of every task; no other takes its place', readModel)
    .addOption(new Option('--backend <BACKEND>', 'what runs the models').choices(['ollama', 'builtin', 'simulated']))
    .option('--option <KEY=VALUE>', 'model option for every task, e.g. num_ctx=8192; may be repeated', collectPairs)
    .option('--extract <FORM>', 'output of plain tasks: json, code or code:LANGUAGE out of the answer', readForm)
    .addOption(new Option('--on-truncate <WHAT>', 'what becomes of a prompt that is cut').choices(['fail', 'warn']))
    .option('--var <KEY=VALUE>', 'value of {{vars.KEY}}; may be repeated', collectPairs)
    .option('--pull', 'get models that are missing first')
    .addOption(new Option('--reuse [all]', reuseText).choices(['all']))
    .option('--replay <RUN|FILE>', 'take all answers from this run or its export, and ask no server', readGiven)
    .option('--dry-run', 'show what would be done, also as --output mermaid; no prompt is sent')
    .addOption(outputOption('text', 'json', 'ndjson', 'markdown', 'mermaid'));
}

/** Help of a flag that several commands have. */
export const changedModelsText = 'go on although a model is not the one it was';

const reuseText =
  'take answers of earlier runs to what was asked before; =all: also those that would be others each time';

/** What the flags say about a run, in the library's words. */
export function toRunOptions(flags: RunFlags): RunOptions & { sequential: boolean; vars: Record<string, string> } {
  return {
    hosts: flags.host === undefined ? undefined : [flags.host],
    backend: flags.backend,
    model: flags.model,
    eachModel: flags.eachModel,
    concurrency: flags.concurrency,
    timeoutMs: flags.timeout,
    runTimeoutMs: flags.runTimeout,
    budget: flags.budget,
    retries: flags.retries,
    failFast: flags.failFast,
    options: flags.option && parseValues(flags.option),
    extract: flags.extract,
    onTruncate: flags.onTruncate,
    keep_alive: flags.keepalive,
    pull: flags.pull,
    reuse: flags.reuse,
    replay: flags.replay,
    sequential: flags.sequential ?? false,
    vars: flags.var ?? {},
  };
}

/** `num_ctx=8192` is a number, `stop=["\n"]` a list, `stop=END` a text. */
function parseValues(pairs: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(pairs).map(([key, text]) => [key, parseValue(text)]));
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readForm(value: string): string {
  if (extractPattern.test(value)) return value;
  throw new InvalidArgumentError('It must be json, code or code:LANGUAGE.');
}

function readKeepAlive(value: string): string {
  if (parseGoDuration(value) !== undefined) return value;
  throw new InvalidArgumentError('It must be a duration with a unit such as 5m, -1s (for ever) or 0.');
}
