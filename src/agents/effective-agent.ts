import type { Problem } from '../errors/problem.ts';
import type { Environment } from '../host/host.ts';
import type { Fleet, FleetModel } from '../ollama/fleet.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { effectiveConfig, type EffectiveConfig } from './effective-config.ts';
import { hidePassword, hideSecrets } from './hide-secrets.ts';
import type { Agent, AgentConfig } from './schema.ts';

/** What an agent will run with; fit to be shown. */
export interface EffectiveAgent {
  config: EffectiveConfig;
  /** Its models, as far as the servers were asked. */
  models?: EffectiveModel[] | undefined;
  /** Servers that could not be asked. */
  problems?: Problem[] | undefined;
}

export interface EffectiveModel {
  name: string;
  /** Addresses of the servers that have it. */
  hosts: string[];
  /** Absent when no server tells. */
  capabilities?: string[] | undefined;
  context_length?: number | undefined;
}

export interface EffectiveAgentContext {
  env: Environment;
  /** Settings that flags of this call replace. */
  flags?: AgentConfig | undefined;
  /** What the agent's servers have; absent when they were not asked. */
  fleet?: Fleet | undefined;
  /** Why they could not be asked at all. */
  problems?: readonly Problem[] | undefined;
}

/** An agent with everything filled in that it does not say itself. */
export function effectiveAgent(
  agent: Agent,
  { env, flags, fleet, problems = [] }: EffectiveAgentContext,
): EffectiveAgent {
  const config = effectiveConfig(hideSecrets(agent).config, env, flags);
  if (config.hosts)
    config.hosts.value = config.hosts.value.map((host) => (typeof host === 'string' ? hidePassword(host) : host));
  const found = [...problems, ...(fleet?.hosts.flatMap(({ problem }) => problem ?? []) ?? [])].map(hideInProblem);
  return {
    config,
    ...(fleet && { models: agent.models.map((name) => toEffectiveModel(name, fleet)) }),
    ...(found.length > 0 && { problems: found }),
  };
}

function hideInProblem(problem: Problem): Problem {
  return {
    ...problem,
    message: hidePassword(problem.message),
    ...(problem.host && { host: hidePassword(problem.host) }),
  };
}

function toEffectiveModel(name: string, fleet: Fleet): EffectiveModel {
  const found = fleet.hosts.flatMap(({ url, models }) => {
    const model = models.find((candidate) => normalizeModelName(candidate.name) === normalizeModelName(name));
    return model ? [{ url, model }] : [];
  });
  const hosts = found.map(({ url }) => hidePassword(url));
  return { name, hosts, ...known(found.map(({ model }) => model)) };
}

function known(models: readonly FleetModel[]): Pick<EffectiveModel, 'capabilities' | 'context_length'> {
  const capabilities = models.find((model) => model.capabilities)?.capabilities;
  const context_length = models.find((model) => model.context_length)?.context_length;
  return { ...(capabilities && { capabilities }), ...(context_length !== undefined && { context_length }) };
}
