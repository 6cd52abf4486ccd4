import { Command } from 'commander';
import { ProblemError } from '../../errors/problem.ts';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openRuns } from '../open-runs.ts';
import { printJson, printText } from '../print.ts';
import { outputOption, readMoment, type Moment } from '../read-options.ts';

export interface DeleteRunsOptions extends GlobalFlags {
  runs: string[];
  olderThan?: Moment | undefined;
}

/** `delete-runs RUN...`: deletes all of them, or none if one is unknown; `delete-runs --older-than 30d`. */
export function newDeleteRunsCommand(cli: Cli, run = deleteRuns): Command {
  return new Command('delete-runs')
    .description('Delete runs')
    .argument('[RUN...]', "ids, their beginnings or ends, or 'last'")
    .option('--older-than <TIME>', 'those begun before then, e.g. 30d or 2026-01-31', readMoment)
    .addOption(outputOption('text', 'json'))
    .action(cli.action((runs: string[], flags: Omit<DeleteRunsOptions, 'runs'>) => run({ ...flags, runs }, cli.host)));
}

export async function deleteRuns({ runs, olderThan, output }: DeleteRunsOptions, host: Host): Promise<number> {
  if (runs.length > 0 === (olderThan !== undefined)) throw oneOfBoth(runs);
  const store = await openRuns(host);
  const deleted = olderThan ? await store.deleteBefore(olderThan(host.clock.now())) : await store.delete(runs);
  if (output === 'json') printJson(host, { deleted });
  else printText(host, deleted.map((id) => `deleted '${id}'\n`).join(''));
  return 0;
}

function oneOfBoth(runs: readonly string[]): ProblemError {
  const message =
    runs.length > 0 ? 'RUN and --older-than exclude each other' : 'name runs, or a time with --older-than';
  return new ProblemError({ code: 'usage-invalid', message, hint: 'ollama-orchestrate delete-runs --help' });
}
