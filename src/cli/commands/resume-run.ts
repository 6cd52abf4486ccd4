import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import type { Cli } from '../cli.ts';
import { furtherCommand } from '../run-command.ts';
import { changedModelsText, runOutputOption, type ViewFlags } from '../run-flags.ts';

export interface ResumeRunOptions extends ViewFlags {
  run: string;
  allowChangedModels?: boolean | undefined;
}

/** `resume-run RUN`: goes on with a run that was interrupted, and prints its result. */
export function newResumeRunCommand(cli: Cli, run = resumeRun): Command {
  return new Command('resume-run')
    .description('Go on with a run that was interrupted')
    .argument('<RUN>', "id, its beginning or end, or 'last'")
    .option('--allow-changed-models', changedModelsText)
    .addOption(runOutputOption())
    .action(cli.action((id: string, flags: Omit<ResumeRunOptions, 'run'>) => run({ ...flags, run: id }, cli.host)));
}

export async function resumeRun(options: ResumeRunOptions, host: Host): Promise<number> {
  const { run, allowChangedModels } = options;
  const hosts = options.host === undefined ? undefined : [options.host];
  return furtherCommand({ goOn: 'resume', run, hosts, allowChangedModels }, options, host);
}
