import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import { askMissing } from '../ask-missing.ts';
import type { Cli } from '../cli.ts';
import { collect, readOneFile } from '../read-options.ts';
import { runCommand } from '../run-command.ts';
import { toRunOptions, withRunFlags, type RunFlags } from '../run-flags.ts';

export interface RunTasksOptions extends RunFlags {
  agent?: string | undefined;
  tasks?: string[] | undefined;
  tasksFile?: string | undefined;
}

/** `run-tasks AGENT`: runs tasks side by side, or one after another. */
export function newRunTasksCommand(cli: Cli, run = runTasks): Command {
  const command = new Command('run-tasks')
    .description('Run tasks with an agent, in parallel')
    .argument('[AGENT]', 'name or id of the agent; on a terminal it is asked for')
    .option('--tasks <TYPE:PROMPT>', 'a task, e.g. "generate:Say hello"; may be repeated', collect)
    .option('--tasks-file <FILE|->', 'file of tasks, one a line: type:prompt or JSON', readOneFile)
    .option('--each-model', 'every task with each model of the agent that can do it, to compare them');
  return withRunFlags(command).action(
    cli.action((agent: string | undefined, flags: Omit<RunTasksOptions, 'agent'>) =>
      run({ ...flags, agent }, cli.host),
    ),
  );
}

export async function runTasks(options: RunTasksOptions, host: Host): Promise<number> {
  const { tasks: flags, tasksFile: file } = options;
  const typed = toRunOptions(options);
  const hasWork = flags !== undefined || file !== undefined;
  const asked = await askMissing(
    { command: 'run-tasks', agent: options.agent, file, vars: typed.vars, hasWork },
    options,
    host,
  );
  return runCommand({ run_type: 'tasks', flags, file, ...typed, ...asked }, options, host);
}
