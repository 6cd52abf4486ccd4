import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openRuns } from '../open-runs.ts';
import { outputOption } from '../read-options.ts';

export interface ShowRunOptions extends GlobalFlags {
  run: string;
  output?: 'text' | 'json' | 'markdown' | undefined;
}

/** `show-run RUN`: what the run printed, and its summary. */
export function newShowRunCommand(cli: Cli, run = showRun): Command {
  return new Command('show-run')
    .description('Show the results of a run')
    .argument('<RUN>', "id, its beginning or end, or 'last'")
    .addOption(outputOption('text', 'json', 'markdown'))
    .action(cli.action((id: string, flags: Omit<ShowRunOptions, 'run'>) => run({ ...flags, run: id }, cli.host)));
}

export async function showRun(options: ShowRunOptions, host: Host): Promise<number> {
  const [{ createRenderer }, store] = await Promise.all([import('../../render/index.ts'), openRuns(host)]);
  const { output, quiet = false, verbose = false, color } = options;
  const renderer = createRenderer({ output, quiet, verbose, color: color ? undefined : false, isPast: true }, host);
  for await (const event of store.replay(options.run)) renderer.onEvent(event);
  await renderer.close();
  return 0;
}
