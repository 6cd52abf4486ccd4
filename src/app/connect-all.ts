// In: the settings of all agents of a run. Out: their servers as one connection. Effects: starts the built-in server.
import type { EffectiveConfig } from '../agents/effective-config.ts';
import type { Fleet, FleetHost } from '../ollama/fleet.ts';
import { connect, type ConnectHost, type Connection } from './connect.ts';

/** Agents that name the same servers share a connection; a server that several name is asked with the headers of the first. */
export async function connectAll(
  configs: readonly EffectiveConfig[],
  models: readonly string[],
  host: ConnectHost,
  signal: AbortSignal,
): Promise<Connection> {
  const distinct = new Map(configs.map((config) => [keyOf(config), config]));
  const connections = new Map<string, Connection>();
  const close = async (): Promise<void> => {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  };
  try {
    for (const [key, config] of distinct) connections.set(key, await connect(config, models, host, signal));
  } catch (error) {
    await close();
    throw error;
  }
  const [only, ...others] = connections.values();
  return only && others.length === 0 ? only : merge(connections, close);
}

function keyOf({ backend, hosts }: EffectiveConfig): string {
  return JSON.stringify([backend?.value, hosts?.value]);
}

function merge(connections: ReadonlyMap<string, Connection>, close: () => Promise<void>): Connection {
  const urls = new Map<string, Set<string>>();
  return {
    clients: new Map([...connections.values()].reverse().flatMap(({ clients }) => [...clients])),
    survey: async (wanted) => {
      const hosts = new Map<string, FleetHost>();
      for (const [key, connection] of connections) {
        const fleet = await connection.survey(wanted);
        urls.set(key, new Set(fleet.hosts.map(({ url }) => url)));
        for (const host of fleet.hosts) if (!hosts.has(host.url)) hosts.set(host.url, host);
      }
      return { hosts: [...hosts.values()] };
    },
    fleetOf: (config, fleet): Fleet => ({
      hosts: fleet.hosts.filter(({ url }) => urls.get(keyOf(config))?.has(url)),
    }),
    close,
  };
}
