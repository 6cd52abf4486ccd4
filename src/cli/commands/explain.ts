import { Command, Option } from 'commander';
import type { Explanation } from '../../app/explain.ts';
import type { RunOptions } from '../../app/settings.ts';
import type { RunRequest } from '../../app/load-parts.ts';
import { ProblemError } from '../../errors/problem.ts';
import type { Host } from '../../host/host.ts';
import { neutralizeLine } from '../../lib/neutralize.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { printJson, printText } from '../print.ts';
import { collectPairs, outputOption, readModel, readOneFile } from '../read-options.ts';
import { toRunOptions } from '../run-flags.ts';

export interface ExplainOptions extends Omit<GlobalFlags, 'output'> {
  agent: string;
  prompt?: string | undefined;
  type: string;
  tasksFile?: string | undefined;
  output?: 'text' | 'json' | 'ndjson' | undefined;
  model?: string | undefined;
  backend?: RunOptions['backend'];
  option?: Record<string, string> | undefined;
}

/** `explain AGENT PROMPT`: which model a prompt would go to, and why. */
export function newExplainCommand(cli: Cli, run = explain): Command {
  return new Command('explain')
    .description('Show which model a prompt would go to, and why; sends none, and works without a server')
    .argument('<AGENT>', 'name or id of the agent')
    .argument('[PROMPT]', 'the prompt; @FILE for that of a file')
    .option('--type <TYPE>', 'type of the task', 'generate')
    .option('--tasks-file <FILE|->', 'file of tasks in place of a prompt, one a line: type:prompt or JSON', readOneFile)
    .option('--model <MODEL>', 'as if this model had been named', readModel)
    .addOption(new Option('--backend <BACKEND>', 'what runs the models').choices(['ollama', 'builtin', 'simulated']))
    .option(
      '--option <KEY=VALUE>',
      'as if this model option were set, e.g. num_ctx=8192; may be repeated',
      collectPairs,
    )
    .addOption(outputOption('text', 'json', 'ndjson'))
    .action(
      cli.action((agent: string, prompt: string | undefined, flags: Omit<ExplainOptions, 'agent' | 'prompt'>) =>
        run({ ...flags, agent, prompt }, cli.host),
      ),
    );
}

export async function explain(options: ExplainOptions, host: Host): Promise<number> {
  const { createOrchestrator } = await import('../../app/create-orchestrator.ts');
  const orchestrator = createOrchestrator({ host, configDirectory: options.configDir });
  const tasks = await orchestrator.explain(toRequest(options));
  await show(tasks, options, host);
  const { planExitCode } = await import('../exit-code.ts');
  return planExitCode({ tasks });
}

function toRequest({ agent, prompt, type, tasksFile: file, ...flags }: ExplainOptions): RunRequest {
  if ((prompt === undefined) === (file === undefined)) {
    const message =
      prompt === undefined ? 'there is nothing to explain' : 'a prompt and --tasks-file exclude each other';
    throw new ProblemError({ code: 'usage-invalid', message, hint: "explain AGENT 'the prompt'" });
  }
  const { output: _output, ...rest } = flags;
  const options = toRunOptions(rest);
  return {
    run_type: 'tasks',
    agent,
    flags: prompt === undefined ? undefined : [`${type}:${prompt}`],
    file,
    ...options,
  };
}

async function show(
  tasks: readonly Explanation[],
  { output = 'text', prompt, quiet = false }: ExplainOptions,
  host: Host,
): Promise<void> {
  const messages = new Set(tasks.flatMap(({ warnings = [] }) => warnings.map(({ message }) => message)));
  if (!quiet) for (const message of messages) host.io.stderr.write(`warning: ${neutralizeLine(message)}\n`);
  if (output === 'ndjson') host.io.stdout.write(tasks.map((task) => `${JSON.stringify(task)}\n`).join(''));
  else if (output === 'json') printJson(host, prompt === undefined ? { tasks } : tasks[0]);
  else {
    const { formatExplanation, formatExplanations } = await import('../format-explanation.ts');
    const [only] = tasks;
    printText(host, only && tasks.length === 1 ? await formatExplanation(only) : await formatExplanations(tasks));
  }
}
