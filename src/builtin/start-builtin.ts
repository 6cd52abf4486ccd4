// in: a data directory with an installed engine; out: the address of a running server of our own
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ProblemError } from '../errors/problem.ts';
import type { Host } from '../host/host.ts';
import type { ChildGreeting, ChildOrder } from './child-protocol.ts';
import { isEngineInstalled } from './install-engine.ts';

export interface BuiltinServer {
  /** The shape of a host address: requests need the headers. */
  address: { url: string; headers: Record<string, string> };
  /** The process that holds the models. */
  pid: number;
  close(): Promise<void>;
}

export interface StartBuiltinOptions {
  host: Pick<Host, 'env' | 'cwd' | 'clock'>;
  dataDirectory: string;
  signal: AbortSignal;
  /** Names of models the caller means to use: GGUF paths among them are listed as models. */
  models?: readonly string[];
}

/** Starts the built-in engine in a process of its own, which ends with this one however that ends. */
export async function startBuiltin(options: StartBuiltinOptions): Promise<BuiltinServer> {
  const { host, dataDirectory, signal, models = [] } = options;
  signal.throwIfAborted();
  if (!(await isEngineInstalled(dataDirectory))) throw new ProblemError(engineMissing(dataDirectory));
  const child = fork(childEntry(), [], {
    // A value of CI that it does not know stops node-llama-cpp.
    env: { ...host.env, CI: undefined },
    execArgv: [],
    // A process group of its own: Ctrl-C in the terminal is for the parent to handle.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  const token = randomBytes(24).toString('base64url');
  const stop = (): Promise<void> => stopChild(child, host);
  try {
    const port = await order(child, { token, dataDirectory, cwd: host.cwd, models: [...models] }, signal);
    // The child must not keep a finished program alive.
    release(child);
    return {
      address: { url: `http://127.0.0.1:${port}`, headers: { authorization: `Bearer ${token}` } },
      pid: child.pid ?? 0,
      close: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const engineMissing = (dataDirectory: string) =>
  ({
    code: 'engine-missing',
    message: `the built-in engine is not installed in ${dataDirectory}`,
    hint: 'ollama-orchestrate builtin install',
  }) as const;

/** Beside the bundle; seen from the library, and from the sources, it is in the bundle's folder. */
function childEntry(): string {
  const places = ['./builtin.cjs', '../../cli/builtin.cjs', '../../dist/cli/builtin.cjs'];
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
  if (found === undefined) throw new Error('the program of the built-in engine is missing from this installation');
  return found;
}

/** Says what to serve, and resolves to the port. */
function order(child: ChildProcess, what: ChildOrder, signal: AbortSignal): Promise<number> {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('the built-in engine was started without its pipes');
  const said: string[] = [];
  createInterface({ input: stderr }).on('line', (line) => said.splice(0, Math.max(0, said.push(line) - 20)));
  stdin.on('error', () => undefined).write(`${JSON.stringify(what)}\n`);
  return new Promise((resolve, reject) => {
    const fail = (cause: string): void => {
      const message = `the built-in engine did not start: ${cause.split('\n')[0] ?? ''}`;
      reject(new ProblemError({ code: 'engine-missing', message, cause: [cause, ...said].join('\n').trim() }));
    };
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, killedBy) => fail(`it ended with ${killedBy ?? `exit code ${code ?? ''}`}`));
    createInterface({ input: stdout }).once('line', (line) => {
      const greeting = JSON.parse(line) as ChildGreeting;
      if ('port' in greeting) resolve(greeting.port);
      else fail(greeting.error);
    });
  });
}

function release(child: ChildProcess): void {
  child.disconnect();
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as { unref?: () => void } | null)?.unref?.();
}

/** The end of its stdin asks the child to end; a child that hangs in native code is ended. */
async function stopChild(child: ChildProcess, { clock }: Pick<Host, 'clock'>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.ref();
  const cancelKill = clock.after(2000, () => child.kill('SIGKILL'));
  child.stdin?.end();
  await ended;
  cancelKill();
}
