import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import type { Cli } from '../cli.ts';
import { readGiven } from '../read-options.ts';
import { furtherCommand } from '../run-command.ts';
import { changedModelsText, runOutputOption, type ViewFlags } from '../run-flags.ts';

export interface RetryRunOptions extends ViewFlags {
  run: string;
  from?: string | undefined;
  allowChangedModels?: boolean | undefined;
}

/** `retry-run RUN`: does again what did not succeed, and what follows from it; or all from a step on. */
export function newRetryRunCommand(cli: Cli, run = retryRun): Command {
  return new Command('retry-run')
    .description('Do the failed, skipped and cancelled tasks of a run again')
    .argument('<RUN>', "id, its beginning or end, or 'last'")
    .option('--from <STEP>', 'do this step and what follows from it again, and nothing else that has ended', readGiven)
    .option('--allow-changed-models', changedModelsText)
    .addOption(runOutputOption())
    .action(cli.action((id: string, flags: Omit<RetryRunOptions, 'run'>) => run({ ...flags, run: id }, cli.host)));
}

export async function retryRun(options: RetryRunOptions, host: Host): Promise<number> {
  const { run, from, allowChangedModels } = options;
  const hosts = options.host === undefined ? undefined : [options.host];
  return furtherCommand({ goOn: 'retry', run, from, hosts, allowChangedModels }, options, host);
}
