import { Command, type CommanderError, type OutputConfiguration } from 'commander';
import { ProblemError } from '../errors/problem.ts';
import { closest, suggest } from '../errors/suggest.ts';
import type { Cli } from './cli.ts';
import { newBuiltinCommand } from './commands/builtin.ts';
import { newCancelRunCommand } from './commands/cancel-run.ts';
import { newCompleteCommand } from './commands/complete.ts';
import { newCompletionCommand } from './commands/completion.ts';
import { newCreateAgentCommand } from './commands/create-agent.ts';
import { newDeleteAgentCommand } from './commands/delete-agent.ts';
import { newDeleteRunsCommand } from './commands/delete-runs.ts';
import { newExplainCommand } from './commands/explain.ts';
import { newExportRunCommand } from './commands/export-run.ts';
import { newListAgentsCommand } from './commands/list-agents.ts';
import { newListRunsCommand } from './commands/list-runs.ts';
import { newQuickstartCommand } from './commands/quickstart.ts';
import { newResumeRunCommand } from './commands/resume-run.ts';
import { newRetryRunCommand } from './commands/retry-run.ts';
import { newRunTasksCommand } from './commands/run-tasks.ts';
import { newRunWorkflowCommand } from './commands/run-workflow.ts';
import { newServeCommand } from './commands/serve.ts';
import { newShowAgentCommand } from './commands/show-agent.ts';
import { newShowRunCommand } from './commands/show-run.ts';
import { newSimulateCommand } from './commands/simulate.ts';
import { newUpdateAgentCommand } from './commands/update-agent.ts';
import { newValidateWorkflowCommand } from './commands/validate-workflow.ts';
import { environmentHelp, helpConfiguration } from './help.ts';
import { readGiven } from './read-options.ts';
import { versionLine } from './version-line.ts';

/** All commands, in the order in which help lists them: that of use. What a command needs to run, it imports when it runs. */
const commands: readonly ((cli: Cli) => Command)[] = [
  newQuickstartCommand,
  newCreateAgentCommand,
  newListAgentsCommand,
  newShowAgentCommand,
  newUpdateAgentCommand,
  newDeleteAgentCommand,
  newRunTasksCommand,
  newRunWorkflowCommand,
  newExplainCommand,
  newListRunsCommand,
  newShowRunCommand,
  newResumeRunCommand,
  newRetryRunCommand,
  newCancelRunCommand,
  newExportRunCommand,
  newDeleteRunsCommand,
  newValidateWorkflowCommand,
  newServeCommand,
  newSimulateCommand,
  newBuiltinCommand,
  newCompletionCommand,
];

/** Found by completion scripts, not by people. */
const hiddenCommands: readonly ((cli: Cli) => Command)[] = [newCompleteCommand];

/** The command tree, ready to parse. Wrong usage throws a `ProblemError`, help and version a `CommanderError`. */
export function createProgram(cli: Cli): Command {
  const program = new Command('ollama-orchestrate')
    .description('Give Ollama more than one prompt: agents, parallel tasks and workflows on your own models.')
    .version(versionLine, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [COMMAND]', 'Print help for a command')
    .option('--host <URL>', 'address of the Ollama server', readGiven)
    .option('--quiet', 'print nothing but results and problems')
    .option('--verbose', 'print more about what happens')
    .option('--no-color', 'print without colors')
    .option('--config-dir <DIR>', 'directory of agents and settings', readGiven)
    .option('--json', 'short for --output json')
    .configureHelp(helpConfiguration())
    .configureOutput(outputTo(cli))
    .addHelpText('after', environmentHelp());
  for (const newCommand of commands) program.addCommand(newCommand(cli));
  for (const newCommand of hiddenCommands) program.addCommand(newCommand(cli), { hidden: true });
  adopt(program, program);
  return program;
}

/** Commands built in files of their own know nothing of the program's settings until told. */
function adopt(command: Command, program: Command): void {
  if (command !== program) command.copyInheritedSettings(program);
  command.exitOverride((error): never => {
    throw error.exitCode === 0 ? error : usageProblem(error, command);
  });
  for (const child of command.commands) adopt(child, program);
}

function outputTo({ host }: Cli): OutputConfiguration {
  const { io } = host;
  return {
    writeOut: (text) => void io.stdout.write(text),
    // What is wrong is told as a problem, by main.
    writeErr: () => undefined,
    outputError: () => undefined,
    getOutHelpWidth: () => io.stdout.columns ?? 80,
    getErrHelpWidth: () => io.stderr.columns ?? 80,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}

/** `error: unknown option '--x'\n(Did you mean --y?)` as a problem. */
function usageProblem(error: CommanderError, command: Command): ProblemError {
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean one of (.+)\?\)$/, ', did you mean one of $1?')
    .replace(/\n\(Did you mean (.+)\?\)$/, ", did you mean '$1'?")
    .replace('(outputHelp)', () => withoutCommand(command))
    .replace(/'([^']*)' is invalid.* Allowed choices are (.+)\.$/, (text, word: string, choices: string) => {
      const match = closest(word, choices.split(', '));
      return match === undefined ? text : `${text.slice(0, -1)}; did you mean '${match}'?`;
    });
  const hint = (error.code === 'commander.excessArguments' && behindFlag(command)) || `${pathOf(command)} --help`;
  return new ProblemError({ code: 'usage-invalid', message, hint });
}

/** Where prompts belong that were typed as operands. */
function behindFlag({ options }: Command): string | undefined {
  const flag = options.find(({ long }) => long === '--tasks' || long === '--steps')?.flags.replace(/[<>]/g, '');
  return flag && `each goes behind a flag of its own: ${flag}`;
}

/** `builtin` and `help instal` name no command. */
function withoutCommand({ args, commands }: Command): string {
  const word = args[0] === 'help' ? args[1] : undefined;
  const known = commands.map((child) => child.name()).filter((name) => !name.startsWith('_'));
  return `${word === undefined ? 'no command given' : `unknown command '${word}'`}, ${suggest(word ?? '', known)}`;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
