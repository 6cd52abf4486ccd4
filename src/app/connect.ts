import type { EffectiveConfig } from '../agents/effective-config.ts';
import type { AgentHost } from '../agents/schema.ts';
import { startBuiltin } from '../builtin/start-builtin.ts';
import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import type { Environment, Host } from '../host/host.ts';
import type { HostAddress, OllamaClient } from '../ollama/client.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { createOllamaClient } from '../ollama/ollama-js-client.ts';
import { parseHostAddress, withApiKey } from '../ollama/parse-host.ts';
import type { ShownModels } from '../ollama/shown-models.ts';
import { surveyFleet } from '../ollama/survey-fleet.ts';
import { createTransport } from '../ollama/transport.ts';
import { dataDirectory } from '../settings/directories.ts';

/** The servers of a run, while it lasts. */
export interface Connection {
  clients: ReadonlyMap<string, OllamaClient>;
  /** Looks at the servers again: what they have, and which of the models asked for can do what. */
  survey: (models: readonly string[]) => Promise<Fleet>;
  /** The part of a surveyed fleet that these settings name. */
  fleetOf: (config: EffectiveConfig, fleet: Fleet) => Fleet;
  close: () => Promise<void>;
}

/** The outside world, and what is remembered of its servers. */
export type ConnectHost = Pick<Host, 'env' | 'cwd' | 'clock'> & { known?: ShownModels | undefined };

/** Connects to the servers an agent's settings name, or starts the built-in one. */
export async function connect(
  config: EffectiveConfig,
  models: readonly string[],
  host: ConnectHost,
  signal: AbortSignal,
): Promise<Connection> {
  if (config.backend?.value === 'builtin') return connectBuiltin(models, host, signal);
  if (config.backend?.value !== undefined && config.backend.value !== 'ollama') {
    const message = `backend '${config.backend.value}' is not part of this version`;
    throw new ProblemError({ code: 'usage-invalid', message, hint: "use 'ollama' or 'builtin'" });
  }
  return connectTo(toAddresses(config.hosts?.value ?? [], host.env), host, signal);
}

/** Addresses with their headers filled in; a host named twice is one host. */
export function toAddresses(hosts: readonly AgentHost[], env: Environment): HostAddress[] {
  const problems: Problem[] = [];
  const byUrl = new Map<string, HostAddress>();
  for (const entry of hosts) {
    const { url, headers = {}, slots } = typeof entry === 'string' ? { url: entry } : entry;
    const parsed = parseHostAddress(url);
    const address = {
      ...parsed,
      slots,
      headers: { ...parsed.headers, ...fillHeaders(headers, parsed.url, env, problems) },
    };
    if (!byUrl.has(address.url)) byUrl.set(address.url, withApiKey(address, env));
  }
  throwProblems(problems);
  return [...byUrl.values()];
}

/** `$NAME` stands for the value of an environment variable, so that no secret need be kept in an agent. */
function fillHeaders(
  headers: Readonly<Record<string, string>>,
  url: string,
  env: Environment,
  problems: Problem[],
): Record<string, string> {
  const filled = Object.entries(headers).map(([name, value]) => {
    const variable = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(value)?.[1];
    if (variable === undefined) return [name, value] as const;
    const text = env[variable];
    if (text === undefined) {
      const message = `header ${name} of host ${url} takes its value from ${variable}, which is not set`;
      problems.push({ code: 'environment-unset', message, hint: `export ${variable}=…` });
    }
    return [name, text ?? ''] as const;
  });
  return Object.fromEntries(filled);
}

function connectTo(
  addresses: readonly HostAddress[],
  { clock, known }: Pick<ConnectHost, 'clock' | 'known'>,
  signal: AbortSignal,
  close: () => Promise<void> = () => Promise.resolve(),
): Connection {
  const transport = createTransport({ clock });
  const clients = addresses.map((address) => createOllamaClient(address, transport));
  return {
    clients: new Map(clients.map((client) => [client.host, client])),
    survey: (wanted) => surveyFleet({ clients, wanted, signal, known }),
    fleetOf: (_config, fleet) => fleet,
    close: async () => {
      await transport.close();
      await close();
    },
  };
}

/** An engine that is not installed is a server that cannot be reached: its tasks fail with that, and say so. */
async function connectBuiltin(models: readonly string[], host: ConnectHost, signal: AbortSignal): Promise<Connection> {
  try {
    const server = await startBuiltin({ host, dataDirectory: dataDirectory(host), signal, models });
    return connectTo([server.address], host, signal, () => server.close());
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { problem } = error;
    return {
      clients: new Map(),
      survey: () => Promise.resolve({ hosts: [{ url: 'builtin', problem, models: [] }] }),
      fleetOf: (_config, fleet) => fleet,
      close: () => Promise.resolve(),
    };
  }
}
