import type { Environment } from '../host/host.ts';
import type { AgentConfig } from './schema.ts';

/** What holds where neither agent nor environment says anything. */
export const agentDefaults = {
  max_concurrent_tasks: 4,
  timeout_seconds: 300,
  routing_preferences: {},
  retries: 2,
  fallback: true,
  options: {},
  on_truncate: 'fail',
  backend: 'ollama',
  hosts: ['http://127.0.0.1:11434'],
} as const satisfies AgentConfig;

/** A value and where it comes from. */
export interface Effective<T = unknown> {
  value: T;
  origin: 'flag' | 'agent' | 'environment' | 'default';
  /** The environment variable it was read from. */
  variable?: string | undefined;
}

export type EffectiveConfig = { [Key in keyof AgentConfig]?: Effective<NonNullable<AgentConfig[Key]>> };

/** Every value an agent runs with: a flag's, else its own, else the environment's, else the built-in one. */
export function effectiveConfig(config: AgentConfig, env: Environment, flags: AgentConfig = {}): EffectiveConfig {
  const defaults = mapValues(agentDefaults, (value) => ({ value, origin: 'default' }));
  const own = mapValues(config, (value) => ({ value, origin: 'agent' }));
  const flagged = mapValues(flags, (value) => ({ value, origin: 'flag' }));
  return { ...defaults, ...fromEnvironment(env), ...own, ...flagged };
}

function fromEnvironment(env: Environment): Record<string, Effective> {
  const values: Record<string, Effective> = {};
  const set = (key: keyof AgentConfig, variable: string, read: (text: string) => unknown): void => {
    const text = env[variable]?.trim();
    const value = text ? read(text) : undefined;
    const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) values[key] = { value, origin: 'environment', variable };
  };
  set('backend', 'OLLAMA_ORCHESTRATE_BACKEND', (text) => text);
  set('hosts', 'OLLAMA_HOST', (text) => [text]);
  set('hosts', 'OLLAMA_HOSTS', (text) =>
    text
      .split(',')
      .map((host) => host.trim())
      .filter(Boolean),
  );
  return values;
}

function mapValues(object: object, toEffective: (value: unknown) => Effective): Record<string, Effective> {
  const entries = Object.entries(object) as [string, unknown][];
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined).map(([key, value]) => [key, toEffective(value)]),
  );
}
