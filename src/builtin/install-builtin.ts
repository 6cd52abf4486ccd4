import { engineDirectory } from './directories.ts';
import { installEngine } from './install-engine.ts';
import type { InstallOptions } from './install-options.ts';
import { installModel, starterFile } from './install-model.ts';
import { nameStorage } from './storage-problem.ts';
import { defaultStarterModel, type StarterModel } from './starter-models.ts';

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
