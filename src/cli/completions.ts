import type { Argument, Command, Option } from 'commander';
import type { CompletedCommand, CompletedFlag, CompletedOperand, CompletedValue } from './completed-command.ts';
import { toBashScript } from './completions-bash.ts';
import { toZshScript } from './completions-zsh.ts';

/** The completion script of a shell. In: the command tree, not a word of it repeated elsewhere. Out: the script. */
export function toCompletionScript(shell: 'bash' | 'zsh', program: Command): string {
  const write = { bash: toBashScript, zsh: toZshScript }[shell];
  return write(toCompleted(program, { path: [], inherited: [], siblings: [] }));
}

interface Place {
  /** Of the command it belongs to. */
  path: readonly string[];
  /** Flags of the commands above that it takes, too. */
  inherited: readonly CompletedFlag[];
  /** Names of the commands beside it. */
  siblings: readonly string[];
}

function toCompleted(command: Command, place: Place): CompletedCommand {
  const help = command.createHelp();
  const own = help.visibleOptions(command).map(toFlag);
  const children = help.visibleCommands(command);
  const path = [...place.path, command.name()];
  const isProgram = place.path.length === 0;
  const inherited = withoutOwn(isProgram ? own : place.inherited);
  const siblings = children.map((child) => child.name()).filter((name) => name !== 'help');
  return {
    path,
    description: command.description(),
    commands: children.map((child) => toCompleted(child, { path, inherited, siblings })),
    flags: [...own, ...place.inherited],
    operands: command.registeredArguments.map((operand) => toOperand(operand, place)),
  };
}

/** Each command has a help flag of its own, and only the program has a version. */
function withoutOwn(flags: readonly CompletedFlag[]): CompletedFlag[] {
  return flags.filter(({ names }) => !names.includes('--help') && !names.includes('--version'));
}

function toFlag(option: Option): CompletedFlag {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  // One that may be left out is typed behind `=` only: the next word is another flag.
  const value = /<(.+)>/.exec(option.flags)?.[1];
  return {
    names,
    description: option.description,
    ...(value !== undefined && { value: toValue(value, option.argChoices) }),
  };
}

function toOperand(operand: Argument, { siblings }: Place): CompletedOperand {
  const choices = operand.name() === 'COMMAND' ? siblings : operand.argChoices;
  return { value: toValue(operand.name(), choices), variadic: operand.variadic };
}

function toValue(name: string, choices: readonly string[] = []): CompletedValue {
  return { name, kind: choices.length > 0 ? 'choice' : kindOf(name), choices };
}

function kindOf(name: string): CompletedValue['kind'] {
  const words = name.split('|');
  if (words.includes('FILE') && words.includes('RUN')) return 'run-or-file';
  if (words.includes('FILE')) return 'file';
  if (words.includes('DIR')) return 'directory';
  if (words.includes('AGENT')) return 'agent';
  if (words.includes('RUN')) return 'run';
  return words.some((word) => word.endsWith('@FILE')) ? 'at-file' : 'text';
}
