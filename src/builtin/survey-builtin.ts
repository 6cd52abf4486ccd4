import { access, rm, stat } from 'node:fs/promises';
import { engineDirectory, modelsDirectory } from './directories.ts';
import { engineVersion } from './engine-package.ts';
import { isEngineInstalled } from './install-engine.ts';
import { listModelFiles } from './model-library.ts';

/** What of the built-in engine is in a data directory. */
export interface BuiltinSurvey {
  engine?: { version: string; directory: string };
  models: { name: string; size_bytes: number; file: string }[];
}

/** Looks at the files alone; neither the engine nor a model is loaded. */
export async function surveyBuiltin(dataDirectory: string): Promise<BuiltinSurvey> {
  const directory = engineDirectory(dataDirectory);
  const files = await listModelFiles(modelsDirectory(dataDirectory));
  const models = files.map(async ({ name, file }) => ({ name, size_bytes: (await stat(file)).size, file }));
  return {
    ...((await isEngineInstalled(dataDirectory)) && { engine: { version: engineVersion, directory } }),
    models: await Promise.all(models),
  };
}

/** Deletes the engine and the models directory; resolves to the paths that were there. */
export async function removeBuiltin(dataDirectory: string): Promise<string[]> {
  const removed: string[] = [];
  for (const path of [engineDirectory(dataDirectory), modelsDirectory(dataDirectory)]) {
    if (!(await exists(path))) continue;
    await rm(path, { recursive: true });
    removed.push(path);
  }
  return removed;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
