import type { AgentStore } from '../agents/agent-store.ts';
import type { Host } from '../host/host.ts';
import type { GlobalFlags } from './cli.ts';

/** The agents of the user, or those of `--config-dir`. */
export async function openAgents(host: Host, { configDir }: Pick<GlobalFlags, 'configDir'>): Promise<AgentStore> {
  const [{ openAgentStore }, { configDirectory }] = await Promise.all([
    import('../agents/agent-store.ts'),
    import('../settings/directories.ts'),
  ]);
  return openAgentStore({ directory: configDirectory(host, configDir), now: host.clock.now, newId: host.newId });
}
