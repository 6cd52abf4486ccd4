import { Command } from 'commander';
import type { Agent } from '../../agents/schema.ts';
import { throwProblems } from '../../errors/problem.ts';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openAgents } from '../open-agents.ts';
import { printJson, printText } from '../print.ts';
import { outputOption } from '../read-options.ts';

/** `list-agents`: a table of all agents, oldest first. */
export function newListAgentsCommand(cli: Cli, run = listAgents): Command {
  return new Command('list-agents')
    .description('List agents')
    .addOption(outputOption('text', 'json'))
    .action(cli.action((flags: GlobalFlags) => run(flags, cli.host)));
}

export async function listAgents(options: GlobalFlags, host: Host): Promise<number> {
  const store = await openAgents(host, options);
  const { agents, damaged } = await store.list();
  if (options.output === 'json') {
    const { hideSecrets } = await import('../../agents/hide-secrets.ts');
    printJson(host, { agents: agents.map(hideSecrets) });
  } else printText(host, await formatAgents(agents, host.clock.now()));
  throwProblems(damaged);
  return 0;
}

async function formatAgents(agents: readonly Agent[], nowMs: number): Promise<string> {
  const [{ formatTable }, { relativeTime }] = await Promise.all([import('../table.ts'), import('../relative-time.ts')]);
  const rows = agents.map(({ name, id, models, updated_at }) => [
    ...[name, id.slice(0, shownIdLength), models.join(', ')],
    relativeTime(Date.parse(updated_at), nowMs),
  ]);
  return formatTable([['NAME', 'ID', 'MODELS', 'MODIFIED'], ...rows]);
}

/** The part of a UUIDv7 that holds its time to the millisecond: short, and yet different for each agent. */
const shownIdLength = 13;
