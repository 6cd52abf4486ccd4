/**
 * The outside world as the program sees it. `node-host.ts` is the real one and the only file that touches `process`;
 * tests pass their own. Nothing else in `src` reads a clock, an environment variable or a stream.
 */
export interface Host {
  readonly io: Io;
  readonly env: Environment;
  /** Absolute path that relative file names are resolved against. */
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** Calls back once everything that can be done right away has been done. */
  readonly soon: (callback: () => void) => void;
  readonly files: Files;
  /** Aborted with an {@link Interruption} as its reason when the user or the system wants the program to end. */
  readonly signal: AbortSignal;
  readonly processes: Processes;
  /** A new UUIDv7: unique, and sorted by the time of its making. */
  readonly newId: () => string;
  /** A number in [0, 1). */
  readonly random: () => number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
}

export type Input = AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };

/** A terminal as an {@link Input}. */
export type Keyboard = Input &
  NodeJS.ReadableStream & {
    /** Whether each key comes as it is typed, and nothing is echoed. */
    readonly setRawMode?: (isRaw: boolean) => unknown;
  };

export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** Width and height of the terminal in cells; absent when it is none. */
  readonly columns?: number;
  readonly rows?: number;
};

export interface Clock {
  /** Milliseconds since the epoch, with fractions; never runs backwards within one process. */
  readonly now: () => number;
  /** Calls back once after `delayMs`, unless the returned function is called before. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

export interface Files {
  /** The bytes of a file; rejects as `node:fs` does. A path is resolved against {@link Host.cwd}. */
  readonly read: (path: string) => Promise<Uint8Array>;
  /** Adds text at the end of a file, which is made when absent. */
  readonly append: (path: string, text: string) => Promise<void>;
}

/** The processes of this machine, as far as their ids tell. */
export interface Processes {
  /** Id of the process this program runs in. */
  readonly ownId: number;
  /** Whether a process has this id now; it need not be the one that had it before. */
  readonly isRunning: (id: number) => boolean;
}

/** Why {@link Host.signal} was aborted; `SIGPIPE`: nobody reads our stdout any more. */
export class Interruption extends Error {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGPIPE';
  constructor(signal: Interruption['signal']) {
    super(`stopped by ${signal}`);
    this.name = 'Interruption';
    this.signal = signal;
  }
}
