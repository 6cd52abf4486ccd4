import type { Command, HelpConfiguration } from 'commander';

/** Help pages as Ollama's CLI prints them: operands in upper case without brackets, flags called flags. */
export function helpConfiguration(): HelpConfiguration {
  return {
    showGlobalOptions: true,
    commandUsage: (command) => `${pathOf(command)} [flags]`,
    subcommandTerm: (command) => withOperands(command),
    optionTerm: (option) => upperCase(option.flags),
    styleTitle: (title) => title.replace('Options:', 'Flags:').replace('Arguments:', 'Operands:'),
  };
}

/** The block at the end of the main help page. */
export function environmentHelp(): string {
  const width = Math.max(...environmentVariables.map(([name]) => name.length));
  const lines = environmentVariables.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`);
  return ['', 'Environment Variables:', ...lines].join('\n');
}

const environmentVariables: [name: string, meaning: string][] = [
  ['OLLAMA_HOST', 'address of the server (default 127.0.0.1:11434)'],
  ['OLLAMA_HOSTS', 'addresses of several servers, separated by commas'],
  ['OLLAMA_API_KEY', 'key for ollama.com'],
  ['OLLAMA_ORCHESTRATE_HOME', 'directory for all files of this program'],
  ['OLLAMA_ORCHESTRATE_BACKEND', 'what runs the models: ollama, builtin or simulated'],
  ['OLLAMA_ORCHESTRATE_SIMULATOR', 'file that describes the simulated models'],
  ['OLLAMA_ORCHESTRATE_TOKEN', 'what clients of serve have to send'],
  ['NO_COLOR', 'set: no colors'],
  ['FORCE_COLOR', 'set: colors also where there is no terminal'],
  ['CI', 'set: plain progress lines instead of the live view'],
];

function pathOf(command: Command): string {
  const own = command.commands.length > 0 ? `${command.name()} COMMAND` : withOperands(command);
  return command.parent ? `${pathOf(command.parent).replace('COMMAND', '')}${own}` : own;
}

/** `delete-agent AGENT...`, `run MODEL [PROMPT]` */
function withOperands(command: Command): string {
  const operands = command.registeredArguments.map((operand) => {
    const name = operand.variadic ? `${operand.name()}...` : operand.name();
    return operand.required ? name : `[${name}]`;
  });
  return [command.name(), ...operands].join(' ');
}

/** `<NAME>` as `NAME`; `[NAME]`, which may be left out, stays. */
function upperCase(text: string): string {
  return text.replace(/<([^>]+)>/g, '$1');
}
