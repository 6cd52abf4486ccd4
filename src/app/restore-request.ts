// In: a request as the journal keeps it. Out: the same as it was, secrets included. Effects: reads a stored agent.
import type { AgentStore } from '../agents/agent-store.ts';
import { hiddenHeaderValue } from '../agents/hidden-header-value.ts';
import type { AgentHost } from '../agents/schema.ts';
import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import type { KeptAgent, KeptRequest } from '../journal/kept-request.ts';
import { parseHostAddress } from '../ollama/parse-host.ts';
import type { Spec } from '../spec/spec.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import type { RunParts } from './run-to-keep.ts';
import type { RunOptions } from './settings.ts';

/**
 * The tasks of a kept request, with what does them.
 * @throws ProblemError `task-type-unregistered`
 */
export function restoreSpec({ tasks, ...spec }: KeptRequest['spec'], taskTypes: readonly TaskDefinition[]): Spec {
  const types = new Map(taskTypes.map((definition) => [definition.type, definition]));
  const problems: Problem[] = [];
  const restored = tasks.flatMap(({ type, ...task }) => {
    const definition = types.get(type);
    if (definition && definition.unregistered === undefined) return [{ ...task, definition }];
    problems.push(unregistered(task.name, type, definition));
    return [];
  });
  throwProblems(problems);
  return { ...spec, tasks: restored };
}

function unregistered(task: string, type: string, definition: TaskDefinition | undefined): Problem {
  const message = `${task}: no handler is registered for task type '${type}'`;
  const hint = definition?.unregistered ?? 'go on with this run in the program that began it';
  return { code: 'task-type-unregistered', message, hint, task };
}

/** Who does a kept run, and what was said about it. */
type Restored = Pick<RunParts, 'agent' | 'stepAgents' | 'options'>;

/**
 * The agents and the options of a kept request. Values of headers and passwords are not kept: they are taken from the
 * stored agents of that id or name, for the same servers.
 * @param hosts servers in place of those of the request
 * @throws ProblemError `usage-invalid` when a secret is found nowhere
 */
export async function restoreRequest(
  { agent, stepAgents = {}, options }: KeptRequest,
  hosts: readonly string[] | undefined,
  agents: Pick<AgentStore, 'get'>,
): Promise<Restored> {
  if (hosts) return { agent, stepAgents, options: { ...options, hosts } };
  const { hosts: named, ...rest } = options as RunOptions;
  // What the caller named wins: the agents' own servers are not asked then.
  if (named) {
    if (!asksServers(rest.backend) || !named.some(isHidden)) return { agent, stepAgents, options };
    const config = { ...agent.config, hosts: [...named] };
    const { hosts: found = [] } = (await withSecrets({ ...agent, config }, rest, agents)).config;
    const withFound = Object.entries(stepAgents).map(([name, each]) => [name, withHosts(each, found)] as const);
    return { agent: withHosts(agent, found), stepAgents: Object.fromEntries(withFound), options: rest };
  }
  const restored = Object.entries(stepAgents).map(
    async ([name, each]) => [name, await withSecrets(each, rest, agents)] as const,
  );
  return {
    agent: await withSecrets(agent, rest, agents),
    stepAgents: Object.fromEntries(await Promise.all(restored)),
    options: rest,
  };
}

function withHosts(agent: KeptAgent, hosts: AgentHost[]): KeptAgent {
  return { ...agent, config: { ...agent.config, hosts } };
}

/** The agent with what its servers need to be told, as far as the stored agent knows it. */
async function withSecrets(
  agent: KeptAgent,
  { backend }: RunOptions,
  agents: Pick<AgentStore, 'get'>,
): Promise<KeptAgent> {
  const { hosts = [] } = agent.config;
  if (!asksServers(backend ?? agent.config.backend) || !hosts.some(isHidden)) return agent;
  const known = await storedHosts(agent, agents);
  const problems: Problem[] = [];
  const restored = hosts.map((host) => {
    const found = isHidden(host) ? known.find((other) => urlOf(other) === urlOf(host)) : host;
    if (!found) problems.push(notKept(host, agent.name));
    return found ?? host;
  });
  throwProblems(problems);
  return withHosts(agent, restored);
}

/** Other backends have no use for the addresses of servers. */
function asksServers(backend: RunOptions['backend'] = 'ollama'): boolean {
  return backend === 'ollama';
}

function isHidden(host: AgentHost): boolean {
  if (typeof host === 'string') return host.includes(`:${hiddenHeaderValue}@`);
  return isHidden(host.url) || Object.values(host.headers ?? {}).includes(hiddenHeaderValue);
}

async function storedHosts({ id, name }: KeptRequest['agent'], agents: Pick<AgentStore, 'get'>): Promise<AgentHost[]> {
  for (const ref of [id, name]) {
    if (ref === undefined) continue;
    try {
      return (await agents.get(ref)).config.hosts ?? [];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  return [];
}

function urlOf(host: AgentHost): string {
  return parseHostAddress(typeof host === 'string' ? host : host.url).url;
}

function notKept(host: AgentHost, agent: string): Problem {
  const what = typeof host === 'string' || isHidden(host.url) ? 'password' : 'values of the headers';
  const verb = what === 'password' ? 'is' : 'are';
  const message = `the ${what} for ${urlOf(host)} ${verb} not kept with the run, and agent '${agent}' does not have them`;
  return { code: 'usage-invalid', message, hint: 'name the server with --host, or set the hosts of the agent again' };
}
