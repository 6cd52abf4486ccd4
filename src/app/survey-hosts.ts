import type { Host } from '../host/host.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { connect } from './connect.ts';
import { resolveConfig } from './settings.ts';

/**
 * What servers have: those given, else those of the environment. No prompt is sent.
 * @param depth `models`: also what each of the models can do, which takes a question per model
 */
export async function surveyHosts(
  hosts: readonly string[] | undefined,
  host: Host,
  depth: 'hosts' | 'models' = 'hosts',
): Promise<Fleet> {
  const connection = await connect(resolveConfig({ config: {} }, { hosts }, host.env), [], host, host.signal);
  try {
    const fleet = await connection.survey([]);
    if (depth === 'hosts') return fleet;
    return await connection.survey(fleet.hosts.flatMap(({ models }) => models.map(({ name }) => name)));
  } finally {
    await connection.close();
  }
}
