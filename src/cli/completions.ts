import type { Argument, Command, Option } from 'commander';
import { toBashScript } from './completions-bash.ts';
import { toZshScript } from './completions-zsh.ts';

/** The completion script of a shell. In: the command tree, not a word of it repeated elsewhere. Out: the script. */
export function toCompletionScript(shell: 'bash' | 'zsh', program: Command): string {
  const write = { bash: toBashScript, zsh: toZshScript }[shell];
  return write(toCompleted(program, []));
}

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

/** What kind of word is to be typed, read off its name in the help page: `FILE`, `DIR`, `AGENT`, `TEXT|@FILE`. */
export interface CompletedValue {
  name: string;
  kind: 'agent' | 'at-file' | 'choice' | 'directory' | 'file' | 'text';
  choices: readonly string[];
}

function toCompleted(command: Command, inherited: readonly CompletedFlag[]): CompletedCommand {
  const own = command.createHelp().visibleOptions(command).map(toFlag);
  const global = command.parent ? inherited : own.filter(({ names }) => !names.includes('--version'));
  return {
    path: pathOf(command),
    description: command.description(),
    commands: command
      .createHelp()
      .visibleCommands(command)
      .map((child) => toCompleted(child, withoutHelp(global))),
    flags: [...own, ...inherited],
    operands: command.registeredArguments.map((operand) => toOperand(operand, command)),
  };
}

/** Each command has a help flag of its own. */
function withoutHelp(flags: readonly CompletedFlag[]): CompletedFlag[] {
  return flags.filter(({ names }) => !names.includes('--help'));
}

function pathOf(command: Command): string[] {
  return [...(command.parent ? pathOf(command.parent) : []), command.name()];
}

function toFlag(option: Option): CompletedFlag {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const value = /[<[](.+)[>\]]/.exec(option.flags)?.[1];
  return {
    names,
    description: option.description,
    ...(value !== undefined && { value: toValue(value, option.argChoices) }),
  };
}

function toOperand(operand: Argument, { parent }: Command): CompletedOperand {
  const choices = operand.name() === 'COMMAND' ? namesOf(parent) : operand.argChoices;
  return { value: toValue(operand.name(), choices), variadic: operand.variadic };
}

function namesOf(command: Command | null): string[] {
  if (!command) return [];
  const visible = command.createHelp().visibleCommands(command);
  return visible.map((child) => child.name()).filter((name) => name !== 'help');
}

function toValue(name: string, choices: readonly string[] = []): CompletedValue {
  return { name, kind: choices.length > 0 ? 'choice' : kindOf(name), choices };
}

function kindOf(name: string): CompletedValue['kind'] {
  const words = name.split('|');
  if (words.includes('FILE')) return 'file';
  if (words.includes('DIR')) return 'directory';
  if (words.includes('AGENT')) return 'agent';
  return words.some((word) => word.endsWith('@FILE')) ? 'at-file' : 'text';
}
