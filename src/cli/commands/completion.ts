import { Argument, Command } from 'commander';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { printJson } from '../print.ts';
import { outputOption } from '../read-options.ts';

/** `completion SHELL`: prints the script that completes commands, flags and names in a shell. */
export function newCompletionCommand(cli: Cli, run = completion): Command {
  const command: Command = new Command('completion')
    .description('Print the completion script of a shell')
    .addArgument(new Argument('<SHELL>', 'name of the shell').choices(['bash', 'zsh']))
    .addOption(outputOption('text', 'json'))
    .addHelpText('after', '\nTo use it now:\n  source <(ollama-orchestrate completion bash)')
    .action(
      cli.action((shell: Shell, flags: GlobalFlags) => run({ ...flags, shell, program: programOf(command) }, cli.host)),
    );
  return command;
}

type Shell = 'bash' | 'zsh';

export async function completion(
  { shell, program, output }: GlobalFlags & { shell: Shell; program: Command },
  host: Host,
): Promise<number> {
  const { toCompletionScript } = await import('../completions.ts');
  const script = toCompletionScript(shell, program);
  if (output === 'json') printJson(host, { shell, script });
  else host.io.stdout.write(script);
  return 0;
}

function programOf(command: Command): Command {
  return command.parent ? programOf(command.parent) : command;
}
