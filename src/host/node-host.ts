import fs from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError } from '../errors/problem.ts';
import { uuidv7 } from '../lib/uuidv7.ts';
import { Interruption, type Clock, type Host, type Io } from './host.ts';

/**
 * Runs the program in this process; its exit code is set, and the process ends once all output is written.
 * @param quickAnswer what a pipe or file is told at once, without even opening stdout: that takes a sixth of the time of
 *   the shortest program
 */
export function runMain(
  main: (argv: string[], host: Host) => Promise<number>,
  quickAnswer: (argv: string[]) => string | undefined,
): void {
  if (isWritten(quickAnswer(process.argv.slice(2)))) return;
  const stopping = new AbortController();
  stopOnSignals(stopping);
  void main(process.argv.slice(2), createNodeHost(stopping)).then((exitCode) => {
    process.exitCode = exitCode;
    // Output may be found lost after the program has ended in good order, and by a program that knows nothing of it.
    tellOutputLost(stopping.signal);
    stopping.signal.addEventListener('abort', () => tellOutputLost(stopping.signal));
  });
}

/** Whether the text went out whole. What fails here is told by the long way, which begins anew. */
function isWritten(text: string | undefined): boolean {
  const stdout = 1;
  try {
    if (text === undefined || fs.fstatSync(stdout).isCharacterDevice()) return false;
    return fs.writeSync(stdout, text) > 0;
  } catch {
    return false;
  }
}

const exitOutputLost = 74;

function tellOutputLost({ reason }: AbortSignal): void {
  if (!(reason instanceof ProblemError) || process.exitCode === exitOutputLost) return;
  process.stderr.write(`error: ${reason.message}\n`);
  process.exitCode = exitOutputLost;
}

/**
 * The process this program runs in, as a {@link Host}.
 * @param stopping ends the program when nobody reads its output any more; signals are left to whoever owns the process
 */
export function createNodeHost(stopping: AbortController = new AbortController()): Host {
  const cwd = process.cwd();
  return {
    io: openIo(stopping),
    env: process.env,
    cwd,
    platform: process.platform,
    clock: nodeClock,
    soon: setImmediate,
    files: {
      read: (path) => fs.promises.readFile(resolve(cwd, path)),
      append: (path, text) => fs.promises.appendFile(resolve(cwd, path), text),
    },
    signal: stopping.signal,
    processes: { ownId: process.pid, isRunning },
    newId: () => uuidv7(nodeClock.now(), randomUUID()),
    random: Math.random,
  };
}

/** Loaded when first asked for: it takes a tenth of the time a short command has. */
function randomUUID(): string {
  return process.getBuiltinModule('node:crypto').randomUUID();
}

/** Not the wall clock: that one may be set back while a task runs. */
const nodeClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Signal 0 reaches nobody: the system only says whether it could. */
function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** First signal: ends the run in good order. Second one: out at once, as the shell expects. */
function stopOnSignals(controller: AbortController): void {
  const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitCodes[signal]);
      controller.abort(new Interruption(signal));
    });
  }
}

/** Opening a stream takes milliseconds, so each is opened when first asked for. */
function openIo(stopping: AbortController): Io {
  const open = { stdin: false, stdout: false, stderr: false };
  return {
    get stdin() {
      if (!open.stdin) stopReadingOnSignals(stopping.signal);
      open.stdin = true;
      return process.stdin;
    },
    get stdout() {
      if (!open.stdout) stopOnLostOutput(stopping);
      open.stdout = true;
      return process.stdout;
    },
    get stderr() {
      if (!open.stderr) process.stderr.on('error', () => undefined);
      open.stderr = true;
      return process.stderr;
    },
  };
}

const passOver = (): void => undefined;

/** Once per stream, however many orchestrators a process has. */
function passOverErrors(stream: NodeJS.EventEmitter): void {
  if (!stream.listeners('error').includes(passOver)) stream.on('error', passOver);
}

/** Whoever waits for input, perhaps for ever, is told why there will be none. */
function stopReadingOnSignals(signal: AbortSignal): void {
  passOverErrors(process.stdin);
  signal.addEventListener('abort', () => {
    const reason: unknown = signal.reason;
    if (reason instanceof Interruption && reason.signal !== 'SIGPIPE') process.stdin.destroy(reason);
  });
}

/** The reader of `| head -1` may leave early: that ends the program, but is no failure of ours; a full disk is one. */
function stopOnLostOutput(controller: AbortController): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    controller.abort(error.code === 'EPIPE' ? new Interruption('SIGPIPE') : outputLost(error));
  });
}

function outputLost({ code = '', message }: NodeJS.ErrnoException): ProblemError {
  const reason = code === 'ENOSPC' ? 'no space left on the device' : message;
  return new ProblemError({ code: 'storage-failed', message: `standard output cannot be written: ${reason}` });
}

/**
 * Imports a package that would end the process on the first Ctrl-C with handlers of its own (`conf` does, through
 * `when-exit`, and `proper-lockfile`, through `signal-exit`): that is for the program we are part of to decide. Its clean-up on exit stays.
 */
export async function importWithoutSignalHandlers<T>(load: () => Promise<T>): Promise<T> {
  const before = signalListeners();
  const loaded = await load();
  for (const [signal, listeners] of signalListeners()) {
    const added = listeners.filter((listener) => !before.get(signal)?.includes(listener));
    for (const listener of added) process.off(signal, listener);
  }
  return loaded;
}

function signalListeners(): Map<NodeJS.Signals, NodeJS.SignalsListener[]> {
  const signals = process.eventNames().filter((name): name is NodeJS.Signals => String(name).startsWith('SIG'));
  return new Map(signals.map((signal) => [signal, process.listeners(signal)]));
}
