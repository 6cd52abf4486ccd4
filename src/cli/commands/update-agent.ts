import { Command } from 'commander';
import { ProblemError } from '../../errors/problem.ts';
import type { Host } from '../../host/host.ts';
import { loadAgentPatches, withAgentFlags, type AgentFlags } from '../agent-flags.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openAgents } from '../open-agents.ts';
import { printJson, printText } from '../print.ts';
import { outputOption } from '../read-options.ts';

export interface UpdateAgentOptions extends GlobalFlags, AgentFlags {
  agent: string;
}

/** `update-agent AGENT`: changes what is given and nothing else. */
export function newUpdateAgentCommand(cli: Cli, run = updateAgent): Command {
  return withAgentFlags(new Command('update-agent').description('Change an agent').argument('<AGENT>', 'name or id'))
    .addOption(outputOption('text', 'json'))
    .action(
      cli.action((agent: string, flags: Omit<UpdateAgentOptions, 'agent'>) => run({ ...flags, agent }, cli.host)),
    );
}

export async function updateAgent(options: UpdateAgentOptions, host: Host): Promise<number> {
  const patches = await loadAgentPatches(options, host);
  if (patches.length === 0) throw nothingGiven(options.agent);
  const [{ hideSecrets }, store] = await Promise.all([
    import('../../agents/hide-secrets.ts'),
    openAgents(host, options),
  ]);
  const agent = await store.update(options.agent, ...patches);
  if (options.output === 'json') printJson(host, hideSecrets(agent));
  else printText(host, `updated '${agent.name}'\n`);
  return 0;
}

function nothingGiven(agent: string): ProblemError {
  return new ProblemError({
    code: 'usage-invalid',
    message: `nothing to change in agent '${agent}'`,
    hint: `ollama-orchestrate update-agent ${agent} --set retries=3`,
  });
}
