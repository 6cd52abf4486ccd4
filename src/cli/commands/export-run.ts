import { Command } from 'commander';
import { encodeEvent } from '../../events/encode.ts';
import type { RunEvent } from '../../events/event.ts';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openRuns } from '../open-runs.ts';
import { printJson, printJsonLine } from '../print.ts';
import { outputOption } from '../read-options.ts';

export interface ExportRunOptions extends GlobalFlags {
  run: string;
}

/** `export-run RUN`: all that is kept of a run, one event a line. */
export function newExportRunCommand(cli: Cli, run = exportRun): Command {
  return new Command('export-run')
    .description('Print the events of a run, one a line')
    .argument('<RUN>', "id, its beginning or end, or 'last'")
    .addOption(outputOption('ndjson', 'json'))
    .action(cli.action((id: string, flags: GlobalFlags) => run({ ...flags, run: id }, cli.host)));
}

export async function exportRun(options: ExportRunOptions, host: Host): Promise<number> {
  const store = await openRuns(host);
  const events: RunEvent[] = [];
  for await (const event of store.events(options.run)) {
    if (host.signal.aborted) break;
    if (options.output === 'json') events.push(event);
    else await printJsonLine(host, encodeEvent(event));
  }
  if (options.output === 'json') printJson(host, { events });
  return 0;
}
