import type { CompletedCommand, CompletedFlag, CompletedOperand, CompletedValue } from './completed-command.ts';

/** A script for zsh's own completion system, to be autoloaded as `_ollama-orchestrate` or sourced. */
export function toZshScript(program: CompletedCommand): string {
  return [
    '#compdef ollama-orchestrate',
    '# zsh completion for ollama-orchestrate, generated from its commands: do not edit.',
    '',
    '_ollama-orchestrate_agents() {',
    '  local -a agents',
    '  agents=(${(f)"$(_call_program agents ollama-orchestrate __complete agents 2>/dev/null)"})',
    '  compadd -a agents',
    '}',
    '',
    '_ollama-orchestrate_runs() {',
    '  local -a runs',
    '  runs=(${(f)"$(_call_program runs ollama-orchestrate __complete runs 2>/dev/null)"})',
    '  compadd -a runs',
    '}',
    '',
    ...toFunctions(program),
    'if [[ "${funcstack[1]}" == _ollama-orchestrate ]]; then',
    '  _ollama-orchestrate "$@"',
    'else',
    '  compdef _ollama-orchestrate ollama-orchestrate',
    'fi',
    '',
  ].join('\n');
}

/** A function per command, those of its own commands first. */
function toFunctions(command: CompletedCommand): string[] {
  const inner = command.commands.flatMap(toFunctions);
  const specs =
    command.commands.length > 0 ? ["'1: :->command'", "'*:: :->operands'"] : command.operands.map(operandSpec);
  const lines = [...command.flags.flatMap(flagSpecs), ...specs].map((spec) => `    ${spec}`);
  const dispatch = command.commands.length > 0 ? dispatchLines(command) : [];
  return [
    ...inner,
    `${functionName(command.path)}() {`,
    ...(dispatch.length > 0 ? ['  local curcontext=$curcontext state line', '  typeset -A opt_args'] : []),
    `  _arguments -s ${dispatch.length > 0 ? '-C ' : ''}\\`,
    lines.join(' \\\n'),
    ...dispatch,
    '}',
    '',
  ];
}

function dispatchLines({ commands }: CompletedCommand): string[] {
  const name = ({ path }: CompletedCommand) => path.at(-1) ?? '';
  return [
    '  case $state in',
    '    command)',
    '      local -a commands=(',
    ...commands.map((child) => `        ${quote(`${name(child)}:${child.description.replaceAll(':', '\\:')}`)}`),
    '      )',
    '      _describe command commands',
    '      ;;',
    '    operands)',
    '      case $words[1] in',
    ...commands.map((child) => `        ${name(child)}) ${functionName(child.path)} ;;`),
    '      esac',
    '      ;;',
    '  esac',
  ];
}

function flagSpecs({ names, description, value }: CompletedFlag): string[] {
  const text = `[${description.replace(/[[\]:\\]/g, '\\$&')}]`;
  if (!value) return names.map((name) => quote(`(${names.join(' ')})${name}${text}`));
  return names.map((name) => quote(`*${name}${name.startsWith('--') ? '=' : ''}${text}${valueSpec(value)}`));
}

function operandSpec({ value, variadic }: CompletedOperand): string {
  return quote(`${variadic ? '*' : ''}${valueSpec(value)}`);
}

function valueSpec({ name, kind, choices }: CompletedValue): string {
  const actions = {
    agent: '_ollama-orchestrate_agents',
    'at-file': '{ compset -P @ && _files }',
    choice: `(${choices.join(' ')})`,
    directory: '_files -/',
    file: '_files',
    run: '_ollama-orchestrate_runs',
    'run-or-file': '{ _ollama-orchestrate_runs; _files }',
    text: ' ',
  };
  return `:${name.replaceAll(':', '\\:')}:${actions[kind]}`;
}

function functionName(path: readonly string[]): string {
  return `_${path.join('_')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
