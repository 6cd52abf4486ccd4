import { Command, type CommanderError, type OutputConfiguration } from 'commander';
import { ProblemError } from '../errors/problem.ts';
import type { Cli } from './cli.ts';
import { newBuiltinCommand } from './commands/builtin.ts';
import { newCompleteCommand } from './commands/complete.ts';
import { newCompletionCommand } from './commands/completion.ts';
import { newCreateAgentCommand } from './commands/create-agent.ts';
import { newDeleteAgentCommand } from './commands/delete-agent.ts';
import { newListAgentsCommand } from './commands/list-agents.ts';
import { newQuickstartCommand } from './commands/quickstart.ts';
import { newRunTasksCommand } from './commands/run-tasks.ts';
import { newRunWorkflowCommand } from './commands/run-workflow.ts';
import { newShowAgentCommand } from './commands/show-agent.ts';
import { newUpdateAgentCommand } from './commands/update-agent.ts';
import { newValidateWorkflowCommand } from './commands/validate-workflow.ts';
import { environmentHelp, helpConfiguration } from './help.ts';
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
  newValidateWorkflowCommand,
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
    .option('--host <URL>', 'address of the Ollama server')
    .option('--quiet', 'print nothing but results and problems')
    .option('--verbose', 'print more about what happens')
    .option('--no-color', 'print without colors')
    .option('--config-dir <DIR>', 'directory of agents and settings')
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
    writeErr: (text) => void io.stderr.write(text),
    // Told as a problem, by main.
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
    .replace('(outputHelp)', 'no command given');
  return new ProblemError({ code: 'usage-invalid', message, hint: `${pathOf(command)} --help` });
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
