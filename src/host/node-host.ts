import { randomBytes } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { uuidv7 } from '../lib/uuidv7.ts';
import { Interruption, type Clock, type Host } from './host.ts';

/** The process this program runs in, as a {@link Host}. */
export function createNodeHost(): Host {
  const cwd = process.cwd();
  const stopping = new AbortController();
  stopOnSignals(stopping);
  stopOnClosedPipe(stopping);
  return {
    io: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
    env: process.env,
    cwd,
    platform: process.platform,
    clock: nodeClock,
    files: {
      read: (path) => readFile(resolve(cwd, path)),
      append: (path, text) => appendFile(resolve(cwd, path), text),
    },
    signal: stopping.signal,
    newId: () => uuidv7(nodeClock.now(), randomBytes(10)),
    random: Math.random,
  };
}

/** Not the wall clock: that one may be set back while a task runs. */
const nodeClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

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

/** The reader of `| head -1` may leave early: that ends the program, but is no failure of ours. */
function stopOnClosedPipe(controller: AbortController): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    controller.abort(new Interruption('SIGPIPE'));
  });
  process.stderr.on('error', () => undefined);
}
