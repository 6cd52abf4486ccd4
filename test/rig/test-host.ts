import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { Interruption, type Clock, type Host, type Output, type Processes } from '../../src/host/host.ts';
import { uuidv7 } from '../../src/lib/uuidv7.ts';

/** A {@link Host} of a test's own: nothing of the machine shows through, and what was printed can be read. */
export interface TestHost extends Host {
  /** All that was written to stdout so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Where the program keeps its files; removed when the test ends. */
  readonly home: string;
  /** As if the user had pressed Ctrl-C, or the system had sent the signal. */
  readonly interrupt: (signal?: Interruption['signal']) => void;
}

export interface TestHostOptions {
  /** Added to an environment that holds our home and an `OLLAMA_HOST` where nothing listens; undefined removes. */
  env?: Record<string, string | undefined>;
  stdin?: string | Uint8Array | Readable;
  /** Files to write into {@link Host.cwd} first, by relative path. */
  files?: Record<string, string | Uint8Array>;
  /** Whether stdout and stderr are terminals; false unless said. */
  isTTY?: boolean | { stdin?: boolean; stdout?: boolean; stderr?: boolean };
  columns?: number;
  rows?: number;
  platform?: NodeJS.Platform;
  clock?: Clock;
  newId?: () => string;
  /** Default: nothing runs but this process. */
  processes?: Processes;
  /** Always 0.5 unless given. */
  random?: () => number;
}

/** Makes a host with a home and a working directory of its own. To be called inside a test, which cleans up after itself. */
export function testHost(options: TestHostOptions = {}): TestHost {
  const root = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [home, cwd] = [join(root, 'home'), join(root, 'work')];
  mkdirSync(cwd);
  writeFiles(cwd, options.files ?? {});

  const stdout = new CapturedOutput(options, 'stdout');
  const stderr = new CapturedOutput(options, 'stderr');
  const stopping = new AbortController();
  const clock = options.clock ?? realClock;
  return {
    io: { stdin: toInput(options), stdout: stdout as Output, stderr: stderr as Output },
    env: { ...baseEnvironment(home), ...options.env },
    cwd,
    platform: options.platform ?? process.platform,
    clock,
    soon: setImmediate,
    files: {
      read: (path) => readFile(resolve(cwd, path)),
      append: (path, text) => appendFile(resolve(cwd, path), text),
    },
    signal: stopping.signal,
    processes: options.processes ?? { ownId: process.pid, isRunning: (id) => id === process.pid },
    newId: options.newId ?? (() => uuidv7(clock.now(), crypto.randomUUID())),
    random: options.random ?? (() => 0.5),
    get stdout() {
      return stdout.text;
    },
    get stderr() {
      return stderr.text;
    },
    home,
    interrupt: (signal = 'SIGINT') => stopping.abort(new Interruption(signal)),
  };
}

/** What every started program and every test host sees: our own home, and no server of this machine. */
export function baseEnvironment(home: string): Record<string, string> {
  return { OLLAMA_ORCHESTRATE_HOME: home, OLLAMA_HOST: 'http://127.0.0.1:1' };
}

/** Writes files below a directory, making folders as needed. */
export function writeFiles(directory: string, files: Record<string, string | Uint8Array>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

class CapturedOutput extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;

  constructor({ isTTY = false, columns = 80, rows = 24 }: TestHostOptions, name: 'stdout' | 'stderr') {
    super();
    this.isTTY = typeof isTTY === 'boolean' ? isTTY : (isTTY[name] ?? false);
    this.columns = this.isTTY ? columns : undefined;
    this.rows = this.isTTY ? rows : undefined;
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}

function toInput({ stdin = '', isTTY }: TestHostOptions): Host['io']['stdin'] {
  const stream = stdin instanceof Readable ? stdin : Readable.from([Buffer.from(stdin)]);
  return Object.assign(stream, { isTTY: typeof isTTY === 'object' && isTTY.stdin === true });
}

const realClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
