import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openAgents } from '../open-agents.ts';
import { printJson, printText } from '../print.ts';
import { outputOption } from '../read-options.ts';

export interface DeleteAgentOptions extends GlobalFlags {
  agents: string[];
}

/** `delete-agent AGENT...`: deletes all of them, or none if one is unknown. */
export function newDeleteAgentCommand(cli: Cli, run = deleteAgent): Command {
  return new Command('delete-agent')
    .description('Delete agents')
    .argument('<AGENT...>', 'names or ids')
    .addOption(outputOption('text', 'json'))
    .action(cli.action((agents: string[], flags: GlobalFlags) => run({ ...flags, agents }, cli.host)));
}

export async function deleteAgent(options: DeleteAgentOptions, host: Host): Promise<number> {
  const store = await openAgents(host, options);
  const deleted = (await store.delete(options.agents)).map(({ name }) => name);
  if (options.output === 'json') printJson(host, { deleted });
  else printText(host, deleted.map((name) => `deleted '${name}'\n`).join(''));
  return 0;
}
