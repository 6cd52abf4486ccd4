// in: a data directory; out: node-llama-cpp with this machine's binary in it
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '../errors/problem.ts';
import type { Host } from '../host/host.ts';
import { engineDirectory } from './directories.ts';
import { engineEntry, enginePackages, engineVersion } from './engine-package.ts';
import { findNpm } from './find-npm.ts';
import type { InstallOptions } from './install-options.ts';
import { withLock } from './lock.ts';
import { runProgram } from './run-program.ts';

/** Whether the engine of this version is in the data directory, whole. */
export async function isEngineInstalled(dataDirectory: string): Promise<boolean> {
  try {
    const packageFile = join(engineDirectory(dataDirectory), 'node_modules', 'node-llama-cpp', 'package.json');
    const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version?: unknown };
    await access(engineEntry(dataDirectory));
    return version === engineVersion;
  } catch {
    return false;
  }
}

/**
 * Puts the engine into the data directory unless it is there; resolves to whether it was not. It is made aside and moved
 * into place whole, so that a broken install is never taken for one.
 */
export async function installEngine({ dataDirectory, host, signal, onProgress }: InstallOptions): Promise<boolean> {
  if (await isEngineInstalled(dataDirectory)) return false;
  const packages = enginePackages(host.platform, arch());
  const directory = engineDirectory(dataDirectory);
  return withLock(directory, { clock: host.clock, signal }, async () => {
    if (await isEngineInstalled(dataDirectory)) return false;
    onProgress({ what: 'engine', from: 'npm' });
    const aside = await mkdtemp(join(dataDirectory, 'install-'));
    try {
      const made = engineDirectory(aside);
      await mkdir(made);
      await runNpm(made, packages, { host, signal });
      if (!(await isEngineInstalled(aside)))
        throw failed(packages, 'npm reported success, but the files are not there');
      await rm(directory, { recursive: true, force: true });
      await rename(made, directory);
      return true;
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
}

/** In one command: installing the binary afterwards would bring those of all platforms along. */
const npmFlags = [
  ...['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--save-exact'],
  ...['--no-update-notifier', '--loglevel=error', '--no-global'],
  // Its own patience is minutes before it says that there is no network.
  ...['--prefer-offline', '--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000'],
];

async function runNpm(
  directory: string,
  packages: readonly string[],
  { host, signal }: { host: Pick<Host, 'env' | 'platform'>; signal: AbortSignal },
): Promise<void> {
  await writeFile(join(directory, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--prefix', directory, ...npmFlags, ...packages];
  const npm = await findNpm(host);
  const ran = npm && (await runProgram(npm, args, { cwd: directory, env: host.env, signal }));
  if (!ran) {
    throw new ProblemError({
      code: 'engine-missing',
      message: 'the built-in engine is installed with npm, and there is no npm on the PATH',
      hint: 'install npm, then: ollama-orchestrate builtin install',
    });
  }
  if (ran.code !== 0) throw failed(packages, ran.output);
}

function failed(packages: readonly string[], cause: string): ProblemError {
  return new ProblemError({
    code: 'download-failed',
    message: `npm could not install ${packages.join(' and ')}`,
    hint: 'check the network and the registry npm uses, then: ollama-orchestrate builtin install',
    cause,
  });
}
