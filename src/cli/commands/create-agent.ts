import { Command } from 'commander';
import { ProblemError } from '../../errors/problem.ts';
import type { Host } from '../../host/host.ts';
import { loadAgentPatches, withAgentFlags, type AgentFlags } from '../agent-flags.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openAgents } from '../open-agents.ts';
import { printJson, printText } from '../print.ts';
import { outputOption } from '../read-options.ts';

export interface CreateAgentOptions extends GlobalFlags, AgentFlags {
  name: string;
  ifNotExists?: boolean | undefined;
  force?: boolean | undefined;
}

/** `create-agent NAME`: keeps a new agent, prints its id. */
export function newCreateAgentCommand(cli: Cli, run = createAgent): Command {
  return withAgentFlags(
    new Command('create-agent').description('Create an agent').argument('<NAME>', 'name of the agent'),
  )
    .option('--if-not-exists', 'leave an agent that has the name as it is')
    .option('--force', 'replace an agent that has the name')
    .addOption(outputOption('text', 'json'))
    .action(cli.action((name: string, flags: Omit<CreateAgentOptions, 'name'>) => run({ ...flags, name }, cli.host)));
}

export async function createAgent(options: CreateAgentOptions, host: Host): Promise<number> {
  const { name, ifNotExists, force } = options;
  const patches = await loadAgentPatches(options, host);
  const [{ mergePatch }, { hideSecrets }, store] = await Promise.all([
    import('../../agents/merge-patch.ts'),
    import('../../agents/hide-secrets.ts'),
    openAgents(host, options),
  ]);
  const input = [...patches, { name }].reduce<unknown>(mergePatch, {});
  if (!Object.hasOwn(input as object, 'models')) throw modelsMissing(name);
  const agent = await store.create(input, { ifNotExists, force });
  if (options.output === 'json') printJson(host, hideSecrets(agent));
  else printText(host, `${agent.id}\n`);
  return 0;
}

function modelsMissing(name: string): ProblemError {
  const message = `agent '${name}' needs at least one model`;
  return new ProblemError({ code: 'agent-invalid', message, hint: '--models llama3.2,codellama' });
}
