import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import type { Host } from '../host/host.ts';

/** Where agents and settings live: the override (`--config-dir`), else `config` under our home, else the platform's place. */
export function configDirectory(host: Pick<Host, 'env' | 'cwd'>, override?: string): string {
  if (override !== undefined) return resolve(host.cwd, override);
  return underHome(host, 'config') ?? platformDirectories().config;
}

/** Where the journal of runs, the built-in engine and its models live. */
export function dataDirectory(host: Pick<Host, 'env' | 'cwd'>): string {
  return underHome(host, 'data') ?? platformDirectories().data;
}

function underHome({ env, cwd }: Pick<Host, 'env' | 'cwd'>, folder: string): string | undefined {
  const home = env['OLLAMA_ORCHESTRATE_HOME'];
  return home ? join(resolve(cwd, home), folder) : undefined;
}

const platformDirectories = () => envPaths('ollama-orchestrate', { suffix: '' });
