import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openAgents } from '../open-agents.ts';

/** `__complete agents`: the words a completion script cannot know beforehand, one per line. */
export function newCompleteCommand(cli: Cli, run = complete): Command {
  return new Command('__complete')
    .argument('<WHAT>')
    .action(cli.action((what: string, flags: GlobalFlags) => run({ ...flags, what }, cli.host)));
}

export async function complete(options: GlobalFlags & { what: string }, host: Host): Promise<number> {
  if (options.what !== 'agents') return 0;
  const store = await openAgents(host, options);
  const { agents } = await store.list();
  host.io.stdout.write(agents.map(({ name }) => `${name}\n`).join(''));
  return 0;
}
