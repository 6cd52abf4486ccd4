import { effectiveConfig } from '../agents/effective-config.ts';
import { connect } from '../app/connect.ts';
import { defaultStarterModel } from '../builtin/starter-models.ts';
import { installBuiltin } from '../builtin/install-builtin.ts';
import { ProblemError, type Problem } from '../errors/problem.ts';
import type { Host } from '../host/host.ts';
import type { FleetHost, FleetModel } from '../ollama/fleet.ts';
import { dataDirectory } from '../settings/directories.ts';
import type { GlobalFlags } from './cli.ts';
import { createInstallProgress } from './install-progress.ts';

export interface QuickstartModel {
  model: string;
  backend: 'ollama' | 'builtin' | 'simulated';
  /** Address of the Ollama server that has it. */
  host?: string | undefined;
}

/** A model to show the tool with: one of a reachable Ollama server, else the starter model, set up first. */
export async function findModel(flags: GlobalFlags, host: Host): Promise<QuickstartModel> {
  const config = effectiveConfig({}, host.env, flags.host === undefined ? {} : { hosts: [flags.host] });
  const wantsBuiltin = config.backend?.value === 'builtin';
  const found = wantsBuiltin ? undefined : await findOnServers(config, host);
  return found ?? setUpBuiltin(flags, host);
}

async function findOnServers(
  config: ReturnType<typeof effectiveConfig>,
  host: Host,
): Promise<QuickstartModel | undefined> {
  const connection = await connect(config, [], host, host.signal);
  try {
    const { hosts } = await connection.survey([]);
    const choices = await Promise.all(hosts.map(async (each) => nameModels(each, connection)));
    const [found] = choices.flat();
    return found && config.backend?.value === 'simulated' ? { model: found.model, backend: 'simulated' } : found;
  } finally {
    await connection.close();
  }
}

/** The smallest models of a server that can write; those in memory first. */
async function nameModels(
  { url, models }: FleetHost,
  { survey }: Awaited<ReturnType<typeof connect>>,
): Promise<QuickstartModel[]> {
  if (models.length === 0) return [];
  const { hosts } = await survey(models.map(({ name }) => name));
  const known = hosts.find((each) => each.url === url)?.models ?? [];
  return known
    .filter(({ capabilities }) => capabilities?.includes('completion') ?? true)
    .sort((a, b) => Number(isLoaded(b)) - Number(isLoaded(a)) || a.size_bytes - b.size_bytes)
    .map(({ name }) => ({ model: name.replace(/:latest$/, ''), backend: 'ollama', host: url }));
}

function isLoaded({ loaded }: FleetModel): boolean {
  return loaded !== undefined;
}

/** What cannot be fetched is told as what is missing, which is what the user must mend. */
async function setUpBuiltin(flags: GlobalFlags, host: Host): Promise<QuickstartModel> {
  const { name: model } = defaultStarterModel;
  const directory = dataDirectory(host);
  const progress = createInstallProgress(host, flags);
  const { onProgress } = progress;
  try {
    await installBuiltin({ host, dataDirectory: directory, signal: host.signal, onProgress });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'download-failed') throw error;
    throw new ProblemError(await missingPart(error.problem, directory));
  } finally {
    progress.close();
  }
  return { model, backend: 'builtin' };
}

async function missingPart({ message, hint }: Problem, directory: string): Promise<Problem> {
  const { isEngineInstalled } = await import('../builtin/install-engine.ts');
  if (!(await isEngineInstalled(directory))) {
    return {
      code: 'engine-missing',
      message: `no Ollama server answers and the built-in engine is not there: ${message}`,
      hint,
    };
  }
  const { name } = defaultStarterModel;
  return { code: 'model-missing', message: `the file of model ${name} is not in ${directory}: ${message}`, hint };
}
