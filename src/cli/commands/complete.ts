import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openAgents } from '../open-agents.ts';
import { openRuns } from '../open-runs.ts';

/** `__complete agents` or `runs`: the words a completion script cannot know beforehand, one per line. */
export function newCompleteCommand(cli: Cli, run = complete): Command {
  return new Command('__complete')
    .argument('<WHAT>')
    .action(cli.action((what: string, flags: GlobalFlags) => run({ ...flags, what }, cli.host)));
}

export async function complete(options: GlobalFlags & { what: string }, host: Host): Promise<number> {
  const words = await wordsFor(options, host);
  host.io.stdout.write(words.map((word) => `${word}\n`).join(''));
  return 0;
}

async function wordsFor(options: GlobalFlags & { what: string }, host: Host): Promise<string[]> {
  if (options.what === 'agents') {
    const { agents } = await (await openAgents(host, options)).list();
    return agents.map(({ name }) => name);
  }
  if (options.what !== 'runs') return [];
  const runs = await (await openRuns(host)).list({ limit: mostRuns });
  return runs.length === 0 ? [] : ['last', ...runs.map(({ id }) => id)];
}

/** More ids nobody reads. */
const mostRuns = 20;
