import type { Host } from '../host/host.ts';

/** What a command is built with. */
export interface Cli {
  readonly host: Host;
  /**
   * Makes a function fit for commander's `action`: it gets the operands and then all flags, global ones included, and
   * the exit code it resolves to becomes that of the program.
   */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- each command says what its operands are
  readonly action: <Args extends unknown[]>(run: (...args: Args) => Promise<number>) => Action;
}

type Action = (...args: unknown[]) => Promise<void>;

/** The flags every command has. */
export interface GlobalFlags {
  /** Address of the Ollama server, in place of `OLLAMA_HOST`. */
  host?: string | undefined;
  quiet?: boolean | undefined;
  verbose?: boolean | undefined;
  /** False after `--no-color`. */
  color: boolean;
  configDir?: string | undefined;
  /** What `--output` says; `json` after `--json`. */
  output?: string | undefined;
}

/** A {@link Cli}, and the exit code its command has come to. */
export function createCli(host: Host): { cli: Cli; exitCode: () => number } {
  let exitCode = 0;
  const action: Cli['action'] =
    (run) =>
    async (...args) => {
      const command = args.pop() as Commandlike;
      args.pop();
      const flags = toFlags(command.optsWithGlobals());
      exitCode = await run(...([...args, flags] as Parameters<typeof run>));
    };
  return { cli: { host, action }, exitCode: () => exitCode };
}

interface Commandlike {
  optsWithGlobals: () => Record<string, unknown>;
}

/** `--json` is short for `--output json`, and wins over another `--output`: who asks for it is a script. */
function toFlags({ json, ...flags }: Record<string, unknown>): Record<string, unknown> {
  return json === true ? { ...flags, output: 'json' } : flags;
}
