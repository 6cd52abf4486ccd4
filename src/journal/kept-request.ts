import { hidePassword, hideSecrets } from '../agents/hide-secrets.ts';
import type { Agent } from '../agents/schema.ts';
import type { Spec, TaskSpec } from '../spec/spec.ts';

/** What a run was asked to do, as the journal keeps it: enough to go on, and no secret. */
export interface KeptRequest {
  agent: KeptAgent;
  /** Agents that steps name, by the name they give; absent when none does. */
  stepAgents?: Readonly<Record<string, KeptAgent>> | undefined;
  /** What the caller said about this run. */
  options: Readonly<Record<string, unknown>>;
  spec: Omit<Spec, 'tasks'> & { tasks: (Omit<TaskSpec, 'definition'> & { type: string })[] };
}

export type KeptAgent = Pick<Agent, 'name' | 'models' | 'system' | 'config'> & { id?: string | undefined };

export interface RequestParts {
  agent: KeptAgent;
  stepAgents?: KeptRequest['stepAgents'];
  options: Readonly<Record<string, unknown>> & { hosts?: readonly string[] | undefined };
  spec: Spec;
}

/** The request without header values and passwords. What files, stdin and variables brought is in the prompts. */
export function toKeptRequest({ agent, stepAgents = {}, options, spec }: RequestParts): KeptRequest {
  const hidden = Object.entries(stepAgents).map(([name, each]) => [name, hideSecrets(each)] as const);
  return {
    agent: hideSecrets(agent),
    ...(hidden.length > 0 && { stepAgents: Object.fromEntries(hidden) }),
    options: { ...options, hosts: options.hosts?.map(hidePassword) },
    spec: { ...spec, tasks: spec.tasks.map(({ definition, ...task }) => ({ ...task, type: definition.type })) },
  };
}
