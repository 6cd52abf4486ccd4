import type { Agent } from '../agents/schema.ts';
import type { Host } from '../host/host.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { connect } from './connect.ts';
import { resolveConfig, type RunOptions } from './settings.ts';

/** What the servers of an agent have, and what its models can do. No prompt is sent. */
export async function surveyAgent(
  agent: Agent,
  options: Pick<RunOptions, 'hosts' | 'backend'>,
  host: Host,
): Promise<Fleet> {
  const { default_model, routing_preferences = {} } = agent.config;
  const models = [...agent.models, ...Object.values(routing_preferences), ...(default_model ? [default_model] : [])];
  const connection = await connect(resolveConfig(agent, options, host.env), models, host, host.signal);
  try {
    return await connection.survey(models);
  } finally {
    await connection.close();
  }
}
