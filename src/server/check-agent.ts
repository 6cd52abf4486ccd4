// In: what a request says about an agent. Out: what it may not say. Pure.
import type { AgentHost } from '../agents/schema.ts';
import { hidePassword } from '../agents/hide-secrets.ts';
import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import { parseHostAddress } from '../ollama/parse-host.ts';
import { isRecord } from '../spec/schema.ts';
import type { ServerSettings } from './server-settings.ts';

/**
 * Refuses what only those may ask for who sit at this machine: servers that nobody allowed, values of environment
 * variables, and models that are files. What is no agent at all is for its schema to tell.
 * @throws ProblemError `agent-invalid`
 */
export function checkAgent(input: unknown, settings: Pick<ServerSettings, 'upstream' | 'allowedHosts'>): void {
  if (!isRecord(input)) return;
  const { models, config } = input;
  const hosts = isRecord(config) && Array.isArray(config['hosts']) ? (config['hosts'] as AgentHost[]) : [];
  const named = isRecord(config) ? [config['default_model'], ...valuesOf(config['routing_preferences'])] : [];
  const allowed = new Set([...settings.upstream.map(({ url }) => url), ...settings.allowedHosts.map(urlOf)]);
  throwProblems([
    ...hosts.flatMap((host, index) => checkHost(host, `config.hosts[${index}]`, allowed)),
    ...[...(Array.isArray(models) ? (models as unknown[]) : []), ...named].flatMap(checkModel),
  ]);
}

function valuesOf(value: unknown): unknown[] {
  return isRecord(value) ? Object.values(value) : [];
}

function checkHost(host: unknown, place: string, allowed: ReadonlySet<string | undefined>): Problem[] {
  const url = isRecord(host) ? host['url'] : host;
  const headers = isRecord(host) && isRecord(host['headers']) ? Object.entries(host['headers']) : [];
  const problems = headers.flatMap(([name, value]): Problem[] =>
    typeof value === 'string' && value.startsWith('$')
      ? [refused(`${place}.headers.${name}: requests cannot name an environment variable`)]
      : [],
  );
  if (typeof url !== 'string' || urlOf(url) === undefined || allowed.has(urlOf(url))) return problems;
  const message = `${place}: requests cannot name the server ${hidePassword(url)}`;
  return [...problems, { ...refused(message), hint: 'whoever starts our server allows it: --allow-host' }];
}

/** The built-in engine takes paths for models. */
function checkModel(model: unknown): Problem[] {
  if (typeof model !== 'string' || !/^[./~\\]|^[A-Za-z]:[\\/]/.test(model)) return [];
  return [refused(`'${model.slice(0, 80)}': requests cannot name a model by its file`)];
}

/** Undefined for what is no address, which the schema tells. */
function urlOf(text: string): string | undefined {
  try {
    return parseHostAddress(text).url;
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

function refused(message: string): Problem {
  return { code: 'agent-invalid', message };
}
