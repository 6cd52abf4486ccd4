import { fork, spawn, type ChildProcess } from 'node:child_process';

/** A program to start: a command, or a script for the Node that runs us. */
export type Program = { command: string; before?: readonly string[] } | { script: string };

export interface Ran {
  code: number;
  /** The end of what it printed. */
  output: string;
}

/** Runs a program to its end; undefined when there is no such program. Aborting ends it. */
export async function runProgram(
  program: Program,
  args: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string | undefined>>; signal: AbortSignal },
): Promise<Ran | undefined> {
  options.signal.throwIfAborted();
  const child = start(program, args, options);
  const stop = (): void => void child.kill();
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<Ran | undefined>((resolve, reject) => {
      const output = tail(child);
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') resolve(undefined);
        else reject(error);
      });
      child.once('close', (code) => {
        if (options.signal.aborted) reject(options.signal.reason as Error);
        else resolve({ code: code ?? 1, output: output() });
      });
    });
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

function start(
  program: Program,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string | undefined>> },
): ChildProcess {
  const common = { cwd, env: env as NodeJS.ProcessEnv };
  if ('script' in program)
    return fork(program.script, [...args], { ...common, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  return spawn(program.command, [...(program.before ?? []), ...args], { ...common, stdio: ['ignore', 'pipe', 'pipe'] });
}

const keptLength = 4000;

function tail(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptLength);
    });
  }
  return () => output.trim();
}
