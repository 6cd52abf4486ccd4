import type { CompletedCommand, CompletedValue } from './completed-command.ts';

/** A script for bash 3.2 and later that needs no other package. */
export function toBashScript(program: CompletedCommand): string {
  const commands = allCommands(program);
  return [
    ...head,
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    case "${COMP_WORDS[i]}" in',
    `      ${flagsWithValue(commands).join(' | ')})`,
    "        [[ ${COMP_WORDS[i + 1]} == '=' ]] && ((i++))",
    '        ((i++))',
    '        ;;',
    "      -* | '=') ;;",
    '      *)',
    '        case "$path ${COMP_WORDS[i]}" in',
    `          ${paths(commands).map(quote).join(' | ')}) path+=" \${COMP_WORDS[i]}" ;;`,
    '          *) ((operands++)) ;;',
    '        esac',
    '        ;;',
    '    esac',
    '  done',
    '',
    ...caseOf('$path $prev', valueCases(commands), 'return'),
    '  if [[ $cur == -* ]]; then',
    ...caseOf('$path', flagCases(commands)).map((line) => `  ${line}`),
    '    return',
    '  fi',
    ...caseOf('$path $operands', operandCases(commands)),
    '}',
    '',
    'complete -F _ollama_orchestrate ollama-orchestrate',
    '',
  ].join('\n');
}

const head = `# bash completion for ollama-orchestrate, generated from its commands: do not edit.

_ollama_orchestrate_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

# The files, or with -d the folders, that begin with what is typed after a prefix.
_ollama_orchestrate_paths() {
  local IFS=$'\\n' prefix=\${2-}
  COMPREPLY=($(compgen "$1" -P "$prefix" -- "\${cur#"$prefix"}"))
  type compopt &>/dev/null && compopt -o filenames
}

_ollama_orchestrate_agents() {
  _ollama_orchestrate_words "$("\${COMP_WORDS[0]}" __complete agents 2>/dev/null)"
}

_ollama_orchestrate_runs() {
  _ollama_orchestrate_words "$("\${COMP_WORDS[0]}" __complete runs 2>/dev/null)"
}

_ollama_orchestrate_runs_and_files() {
  _ollama_orchestrate_runs
  local -a runs=("\${COMPREPLY[@]}")
  _ollama_orchestrate_paths -f
  COMPREPLY+=("\${runs[@]}")
}

_ollama_orchestrate() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' operands=0 i
  COMPREPLY=()
  # The shell takes --flag=value apart.
  [[ $prev == '=' ]] && prev=\${COMP_WORDS[COMP_CWORD - 2]}
  [[ $cur == '=' ]] && cur=''
`.split('\n');

interface Case {
  /** Patterns as bash takes them. */
  patterns: string[];
  action: string;
}

/** `case` over a word, or nothing when there is no case. Cases with one action are one. */
function caseOf(word: string, cases: readonly Case[], end = ''): string[] {
  const byAction = new Map<string, string[]>();
  for (const { patterns, action } of cases) byAction.set(action, [...(byAction.get(action) ?? []), ...patterns]);
  const lines = [...byAction].map(([action, patterns]) => {
    const steps = [action, end].filter((step) => step !== '').join('; ');
    return `    ${patterns.join(' | ')}) ${steps} ;;`;
  });
  return [`  case "${word}" in`, ...lines, '  esac'];
}

/** After a flag that takes a value: a flag's name means the same everywhere unless its choices differ. */
function valueCases(commands: readonly CompletedCommand[]): Case[] {
  const found = commands.flatMap((command) =>
    command.flags.flatMap(({ names, value }) =>
      value
        ? names.map((name) => ({ place: quote(`${pathKey(command)} ${name}`), name, action: actionFor(value) }))
        : [],
    ),
  );
  const actions = new Map<string, Set<string>>();
  for (const { name, action } of found) actions.set(name, (actions.get(name) ?? new Set<string>()).add(action));
  const general = [...actions].filter(([, set]) => set.size === 1).map(([name, [action = '']]) => ({ name, action }));
  return [
    ...found
      .filter(({ name }) => actions.get(name)?.size !== 1)
      .map(({ place, action }) => ({ patterns: [place], action })),
    ...general.map(({ name, action }) => ({ patterns: [`*${quote(` ${name}`)}`], action })),
  ];
}

function flagCases(commands: readonly CompletedCommand[]): Case[] {
  return commands.map((command) => ({
    patterns: [quote(pathKey(command))],
    action: words(command.flags.flatMap(({ names }) => names)),
  }));
}

function operandCases(commands: readonly CompletedCommand[]): Case[] {
  return commands.flatMap((command) => {
    const key = pathKey(command);
    const operands = command.operands.map(({ value, variadic }, at) => ({
      patterns: [variadic ? `${quote(`${key} `)}*` : quote(`${key} ${at}`)],
      action: actionFor(value),
    }));
    if (command.commands.length === 0) return operands;
    const names = command.commands.map(({ path }) => path.at(-1) ?? '');
    return [{ patterns: [quote(`${key} 0`)], action: words(names) }, ...operands];
  });
}

function actionFor({ kind, choices }: CompletedValue): string {
  switch (kind) {
    case 'agent':
      return '_ollama_orchestrate_agents';
    case 'at-file':
      return '[[ $cur == @* ]] && _ollama_orchestrate_paths -f @';
    case 'choice':
      return words(choices);
    case 'directory':
      return '_ollama_orchestrate_paths -d';
    case 'file':
      return '_ollama_orchestrate_paths -f';
    case 'run':
      return '_ollama_orchestrate_runs';
    case 'run-or-file':
      return '_ollama_orchestrate_runs_and_files';
    case 'text':
      return ':';
  }
}

function words(list: readonly string[]): string {
  return `_ollama_orchestrate_words ${quote(list.join(' '))}`;
}

function allCommands(command: CompletedCommand): CompletedCommand[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function flagsWithValue(commands: readonly CompletedCommand[]): string[] {
  const names = commands.flatMap(({ flags }) => flags.flatMap(({ names, value }) => (value ? names : [])));
  return [...new Set(names)].sort();
}

function paths(commands: readonly CompletedCommand[]): string[] {
  return commands.map(pathKey).filter((key) => key !== '');
}

/** ` builtin install`; empty for the program itself. */
function pathKey({ path }: CompletedCommand): string {
  return path
    .slice(1)
    .map((word) => ` ${word}`)
    .join('');
}

function quote(text: string): string {
  return `'${text}'`;
}
