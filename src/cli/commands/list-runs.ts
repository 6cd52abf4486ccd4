import { Command, Option } from 'commander';
import type { RunStatus } from '../../events/run-document.ts';
import type { Host } from '../../host/host.ts';
import type { RunSummary } from '../../journal/stored-run.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openRuns } from '../open-runs.ts';
import { printJson, printText } from '../print.ts';
import { outputOption, readCount, readMoment, type Moment } from '../read-options.ts';

export interface ListRunsOptions extends GlobalFlags {
  agent?: string | undefined;
  status?: RunStatus | undefined;
  since?: Moment | undefined;
  limit?: number | undefined;
}

const statuses: readonly RunStatus[] = ['running', 'completed', 'failed', 'cancelled', 'interrupted'];

/** `list-runs`: a table of the runs that were kept, newest first. */
export function newListRunsCommand(cli: Cli, run = listRuns): Command {
  return new Command('list-runs')
    .description('List runs')
    .option('--agent <AGENT>', 'only those of this agent')
    .addOption(new Option('--status <STATUS>', 'only those with this status').choices(statuses))
    .option('--since <TIME>', 'only those begun since then, e.g. 2h, 30d or 2026-01-31', readMoment)
    .option('--limit <N>', 'at most so many, the newest', readCount(1, 1e9))
    .addOption(outputOption('text', 'json'))
    .action(cli.action((flags: ListRunsOptions) => run(flags, cli.host)));
}

export async function listRuns(options: ListRunsOptions, host: Host): Promise<number> {
  const { agent, status, since, limit, output } = options;
  const store = await openRuns(host);
  const nowMs = host.clock.now();
  const runs = await store.list({ agent, status, sinceMs: since?.(nowMs), limit });
  if (output === 'json') printJson(host, { runs });
  else printText(host, await formatRuns(runs, nowMs));
  return 0;
}

async function formatRuns(runs: readonly RunSummary[], nowMs: number): Promise<string> {
  const [{ formatTable }, { relativeTime }, { formatSeconds }] = await Promise.all([
    import('../table.ts'),
    import('../relative-time.ts'),
    import('../../lib/format-numbers.ts'),
  ]);
  const rows = runs.map(({ id, agent, status, created_at, totals }) => [
    ...[id.slice(-shownIdLength), agent, status, `${totals.completed + totals.reused}/${totals.tasks}`],
    ...[formatSeconds(totals.total_ns), relativeTime(Date.parse(created_at), nowMs)],
  ]);
  return formatTable([['ID', 'AGENT', 'STATUS', 'DONE', 'TIME', 'STARTED'], ...rows]);
}

/** The random part of a UUIDv7: runs that began in one moment share its beginning. */
const shownIdLength = 12;
