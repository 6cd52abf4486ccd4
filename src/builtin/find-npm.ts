import { access, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { Program } from './run-program.ts';

/** The npm that started us, else the one on the PATH, run by our own Node where its script can be found. */
export async function findNpm({ env, platform }: Pick<Host, 'env' | 'platform'>): Promise<Program | undefined> {
  const started = env['npm_execpath'];
  if (started !== undefined && isNpmScript(started) && (await exists(started))) return { script: started };
  const name = platform === 'win32' ? 'npm.cmd' : 'npm';
  for (const directory of (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(Boolean)) {
    const command = join(directory, name);
    if (!(await exists(command))) continue;
    const script = await scriptBehind(command);
    if (script !== undefined) return { script };
    // A .cmd file cannot be started without a shell.
    if (platform !== 'win32') return { command };
  }
  return undefined;
}

const isNpmScript = (file: string): boolean => /[\\/]npm-cli\.[cm]?js$/.test(file);

/** `npm` is a link to its script on most systems, and a small program beside `node_modules` on Windows. */
async function scriptBehind(command: string): Promise<string | undefined> {
  const real = await realpath(command);
  if (isNpmScript(real)) return real;
  const beside = join(dirname(command), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return (await exists(beside)) ? beside : undefined;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
