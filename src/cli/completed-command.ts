/** What can be typed after a command. */
export interface CompletedCommand {
  /** Words from the program's name to the command's own. */
  path: readonly string[];
  description: string;
  commands: CompletedCommand[];
  flags: CompletedFlag[];
  operands: CompletedOperand[];
}

export interface CompletedFlag {
  /** `--host`, or `-v` and `--version`. */
  names: string[];
  description: string;
  /** Absent for a flag that takes none. */
  value?: CompletedValue | undefined;
}

export interface CompletedOperand {
  value: CompletedValue;
  variadic: boolean;
}

/** What kind of word is to be typed, read off its name in the help page: `FILE`, `DIR`, `AGENT`, `RUN`, `RUN|FILE`, `TEXT|@FILE`. */
export interface CompletedValue {
  name: string;
  kind: 'agent' | 'at-file' | 'choice' | 'directory' | 'file' | 'run' | 'run-or-file' | 'text';
  choices: readonly string[];
}
