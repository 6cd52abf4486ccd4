import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFailed } from 'vitest';
import { baseEnvironment, writeFiles } from './test-host.ts';

/** The file users start. */
export const bin = fileURLToPath(new URL('../../bin/ollama-orchestrate.js', import.meta.url));

export interface RunOptions {
  /** Written to stdin, which is then closed. */
  stdin?: string | Uint8Array;
  /** Leaves stdin open for {@link RunningCommand.child}. */
  keepsStdinOpen?: boolean;
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Started in place of the program, e.g. a packed copy of it. */
  command?: [string, ...string[]];
}

export interface Ended {
  /** As a shell shows it: 128 + n for a process that a signal ended. */
  code: number;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcessWithoutNullStreams;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: Promise<Ended>;
  /** Resolves once stdout or stderr, each taken by itself, matches; rejects when the program ends without. */
  untilOutput: (pattern: RegExp) => Promise<void>;
  kill: (signal?: NodeJS.Signals) => void;
}

/**
 * Starts the real program as processes of their own, with a scrubbed environment, an own home and an own working
 * directory. `await using rig = await createRig()` inside a test: all processes have ended and all files are gone after it.
 */
export class Rig implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-rig-'));
  readonly home = join(this.root, 'home');
  readonly cwd = join(this.root, 'work');
  readonly #commands: { args: readonly string[]; command: RunningCommand }[] = [];

  constructor() {
    mkdirSync(this.home);
    mkdirSync(this.cwd);
    onTestFailed(() => console.log(this.#report()));
  }

  /** Writes files into the working directory, by relative path. */
  write(files: Record<string, string | Uint8Array>): void {
    writeFiles(this.cwd, files);
  }

  run(
    args: readonly string[],
    { stdin = '', keepsStdinOpen = false, env, cwd = this.cwd, command }: RunOptions = {},
  ): RunningCommand {
    const [file, ...before] = command ?? [process.execPath, bin];
    const child = spawn(file, [...before, ...args], { cwd, env: { ...this.environment(), ...env } });
    child.stdin.on('error', () => undefined);
    if (keepsStdinOpen) child.stdin.write(stdin);
    else child.stdin.end(stdin);
    const running = watch(child);
    this.#commands.push({ args, command: running });
    return running;
  }

  /** What a started program sees: nothing of the environment this test runs in but where programs are found. */
  environment(): Record<string, string | undefined> {
    return {
      PATH: process.env.PATH,
      HOME: this.home,
      LANG: 'C.UTF-8',
      ...baseEnvironment(join(this.home, 'orchestrate')),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { command } of this.#commands) command.kill('SIGKILL');
    await Promise.allSettled(this.#commands.map(({ command }) => command.exit));
    await rm(this.root, { recursive: true, force: true });
  }

  #report(): string {
    const parts = this.#commands.map(
      ({ args, command }) =>
        `$ ollama-orchestrate ${args.join(' ')}\n--- stdout\n${command.stdout}\n--- stderr\n${command.stderr}`,
    );
    return parts.join('\n\n');
  }
}

/** A new {@link Rig}. */
export function createRig(): Promise<Rig> {
  return Promise.resolve(new Rig());
}

function watch(child: ChildProcessWithoutNullStreams): RunningCommand {
  const text = { stdout: '', stderr: '' };
  const onOutput = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      for (const check of onOutput) check();
    });
  }
  const exit = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? exitOfSignal(signal), signal, ...text }));
  });
  return {
    child,
    exit,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    untilOutput: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!pattern.test(text.stdout) && !pattern.test(text.stderr)) return;
          onOutput.delete(check);
          resolve();
        };
        onOutput.add(check);
        check();
        exit.then(
          () => reject(new Error(`ended without printing ${String(pattern)}\n${text.stdout}\n${text.stderr}`)),
          reject,
        );
      }),
  };
}

const signals: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGPIPE: 13, SIGTERM: 15 };

function exitOfSignal(signal: NodeJS.Signals | null): number {
  return 128 + ((signal && signals[signal]) ?? 0);
}
