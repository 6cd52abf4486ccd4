import { Command } from 'commander';
import type { EffectiveAgent } from '../../agents/effective-agent.ts';
import type { Agent } from '../../agents/schema.ts';
import { ProblemError, type Problem } from '../../errors/problem.ts';
import type { Host } from '../../host/host.ts';
import type { Fleet } from '../../ollama/fleet.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { openAgents } from '../open-agents.ts';
import { printJson, printText } from '../print.ts';
import { outputOption } from '../read-options.ts';

export interface ShowAgentOptions extends GlobalFlags {
  agent: string;
  effective?: boolean | undefined;
}

/** Looks which models the servers of an agent have, and what those can do. */
export type SurveyAgent = (agent: Agent, options: ShowAgentOptions, host: Host) => Promise<Fleet>;

/** `show-agent AGENT`: all that is kept about an agent, and with `--effective` what it will run with. */
export function newShowAgentCommand(cli: Cli, run = showAgent): Command {
  return new Command('show-agent')
    .description('Show an agent')
    .argument('<AGENT>', 'name or id')
    .option('--effective', 'add defaults, where each value comes from, and what the models can do')
    .addOption(outputOption('text', 'json'))
    .action(cli.action((agent: string, flags: Omit<ShowAgentOptions, 'agent'>) => run({ ...flags, agent }, cli.host)));
}

export async function showAgent(
  options: ShowAgentOptions,
  host: Host,
  survey: SurveyAgent = surveyServers,
): Promise<number> {
  const [{ hideSecrets }, store] = await Promise.all([
    import('../../agents/hide-secrets.ts'),
    openAgents(host, options),
  ]);
  const agent = await store.get(options.agent);
  const shown = hideSecrets(agent);
  const effective = options.effective ? await loadEffective(agent, options, host, survey) : undefined;
  if (options.output === 'json') printJson(host, effective ? { ...shown, effective } : shown);
  else {
    const { formatAgent } = await import('../format-agent.ts');
    printText(host, await formatAgent(shown, { effective, nowMs: host.clock.now() }));
  }
  return 0;
}

async function loadEffective(
  agent: Agent,
  options: ShowAgentOptions,
  host: Host,
  survey: SurveyAgent,
): Promise<EffectiveAgent> {
  const { effectiveAgent } = await import('../../agents/effective-agent.ts');
  const flags = options.host === undefined ? {} : { hosts: [options.host] };
  const surveyed = await survey(agent, options, host).then((fleet) => ({ fleet }), toProblems);
  return effectiveAgent(agent, { env: host.env, flags, ...surveyed });
}

/** What is kept can be shown even when no server can be asked. */
function toProblems(error: unknown): { problems: readonly Problem[] } {
  if (error instanceof ProblemError) return { problems: error.problems };
  throw error;
}

const surveyServers: SurveyAgent = async (agent, { host: address }, host) => {
  const { surveyAgent } = await import('../../app/survey-agent.ts');
  return surveyAgent(agent, { hosts: address === undefined ? undefined : [address] }, host);
};
