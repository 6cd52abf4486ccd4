import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openRuns } from '../open-runs.ts';
import { printJson, printText } from '../print.ts';
import { outputOption } from '../read-options.ts';

export interface CancelRunOptions extends GlobalFlags {
  run: string;
}

/** `cancel-run RUN`: ends a run that is going on in another process, and waits until it has ended. */
export function newCancelRunCommand(cli: Cli, run = cancelRun): Command {
  return new Command('cancel-run')
    .description('End a run that is going on')
    .argument('<RUN>', "id, its beginning or end, or 'last'")
    .addOption(outputOption('text', 'json'))
    .action(cli.action((id: string, flags: GlobalFlags) => run({ ...flags, run: id }, cli.host)));
}

export async function cancelRun({ run, output }: CancelRunOptions, host: Host): Promise<number> {
  const store = await openRuns(host);
  const cancelled = await store.cancel(run, { signal: host.signal });
  if (output === 'json') printJson(host, { cancelled });
  else printText(host, `cancelled '${cancelled}'\n`);
  return 0;
}
