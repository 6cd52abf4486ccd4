# bash completion for ollama-orchestrate, generated from its commands: do not edit.

_ollama_orchestrate_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

# The files, or with -d the folders, that begin with what is typed after a prefix.
_ollama_orchestrate_paths() {
  local IFS=$'\n' prefix=${2-}
  COMPREPLY=($(compgen "$1" -P "$prefix" -- "${cur#"$prefix"}"))
  type compopt &>/dev/null && compopt -o filenames
}

_ollama_orchestrate_agents() {
  _ollama_orchestrate_words "$("${COMP_WORDS[0]}" __complete agents 2>/dev/null)"
}

_ollama_orchestrate_runs() {
  _ollama_orchestrate_words "$("${COMP_WORDS[0]}" __complete runs 2>/dev/null)"
}

_ollama_orchestrate_runs_and_files() {
  _ollama_orchestrate_runs
  local -a runs=("${COMPREPLY[@]}")
  _ollama_orchestrate_paths -f
  COMPREPLY+=("${runs[@]}")
}

_ollama_orchestrate() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} path='' operands=0 i
  COMPREPLY=()
  # The shell takes --flag=value apart.
  [[ $prev == '=' ]] && prev=${COMP_WORDS[COMP_CWORD - 2]}
  [[ $cur == '=' ]] && cur=''

  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${COMP_WORDS[i]}" in
      --agent | --allow-host | --backend | --budget | --concurrency | --config | --config-dir | --description | --extract | --fault | --file | --from | --host | --hosts | --keepalive | --limit | --listen | --max-loaded | --max-queue | --memory | --model | --models | --models-file | --older-than | --on-truncate | --option | --output | --parallel | --port | --queue | --queue-per-client | --replay | --retries | --run-timeout | --seed | --server-version | --set | --since | --slots | --status | --steps | --system | --tasks | --tasks-file | --time-scale | --timeout | --token | --type | --var)
        [[ ${COMP_WORDS[i + 1]} == '=' ]] && ((i++))
        ((i++))
        ;;
      -* | '=') ;;
      *)
        case "$path ${COMP_WORDS[i]}" in
          ' quickstart' | ' create-agent' | ' list-agents' | ' show-agent' | ' update-agent' | ' delete-agent' | ' run-tasks' | ' run-workflow' | ' explain' | ' list-runs' | ' show-run' | ' resume-run' | ' retry-run' | ' cancel-run' | ' export-run' | ' delete-runs' | ' validate-workflow' | ' serve' | ' simulate' | ' builtin' | ' builtin install' | ' builtin list' | ' builtin remove' | ' builtin help' | ' completion' | ' help') path+=" ${COMP_WORDS[i]}" ;;
          *) ((operands++)) ;;
        esac
        ;;
    esac
  done

  case "$path $prev" in
    ' create-agent --output' | ' list-agents --output' | ' show-agent --output' | ' update-agent --output' | ' delete-agent --output' | ' list-runs --output' | ' cancel-run --output' | ' delete-runs --output' | ' validate-workflow --output' | ' builtin install --output' | ' builtin list --output' | ' builtin remove --output' | ' completion --output') _ollama_orchestrate_words 'text json'; return ;;
    ' run-tasks --output' | ' run-workflow --output') _ollama_orchestrate_words 'text json ndjson markdown mermaid'; return ;;
    ' explain --output') _ollama_orchestrate_words 'text json ndjson'; return ;;
    ' show-run --output') _ollama_orchestrate_words 'text json markdown'; return ;;
    ' resume-run --output' | ' retry-run --output') _ollama_orchestrate_words 'text json ndjson markdown'; return ;;
    ' export-run --output') _ollama_orchestrate_words 'ndjson json'; return ;;
    *' --host' | *' --seed' | *' --models' | *' --hosts' | *' --description' | *' --budget' | *' --set' | *' --tasks' | *' --keepalive' | *' --concurrency' | *' --timeout' | *' --run-timeout' | *' --retries' | *' --model' | *' --option' | *' --extract' | *' --var' | *' --steps' | *' --type' | *' --since' | *' --limit' | *' --from' | *' --older-than' | *' --port' | *' --listen' | *' --allow-host' | *' --slots' | *' --queue' | *' --queue-per-client' | *' --fault' | *' --memory' | *' --max-loaded' | *' --parallel' | *' --max-queue' | *' --server-version' | *' --time-scale') :; return ;;
    *' --config-dir') _ollama_orchestrate_paths -d; return ;;
    *' --system' | *' --token') [[ $cur == @* ]] && _ollama_orchestrate_paths -f @; return ;;
    *' --config' | *' --tasks-file' | *' --file' | *' --models-file') _ollama_orchestrate_paths -f; return ;;
    *' --backend') _ollama_orchestrate_words 'ollama builtin simulated'; return ;;
    *' --on-truncate') _ollama_orchestrate_words 'fail warn'; return ;;
    *' --replay') _ollama_orchestrate_runs_and_files; return ;;
    *' --agent') _ollama_orchestrate_agents; return ;;
    *' --status') _ollama_orchestrate_words 'running completed failed cancelled interrupted'; return ;;
  esac
  if [[ $cur == -* ]]; then
    case "$path" in
      '') _ollama_orchestrate_words '-v --version --host --quiet --verbose --no-color --config-dir --json -h --help' ;;
      ' quickstart') _ollama_orchestrate_words '--seed -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' create-agent') _ollama_orchestrate_words '--models --hosts --description --system --budget --config --set --if-not-exists --force --output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' list-agents' | ' delete-agent' | ' show-run' | ' cancel-run' | ' export-run' | ' validate-workflow' | ' builtin install' | ' builtin list' | ' builtin remove' | ' completion') _ollama_orchestrate_words '--output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' show-agent') _ollama_orchestrate_words '--effective --output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' update-agent') _ollama_orchestrate_words '--models --hosts --description --system --budget --config --set --output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' run-tasks') _ollama_orchestrate_words '--tasks --tasks-file --each-model --sequential --keepalive --concurrency --timeout --run-timeout --budget --retries --fail-fast --model --backend --option --extract --on-truncate --var --pull --reuse --replay --dry-run --output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' run-workflow') _ollama_orchestrate_words '--steps --file --sequential --keepalive --concurrency --timeout --run-timeout --budget --retries --fail-fast --model --backend --option --extract --on-truncate --var --pull --reuse --replay --dry-run --output --no-fail-fast -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' explain') _ollama_orchestrate_words '--type --tasks-file --model --backend --option --output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' list-runs') _ollama_orchestrate_words '--agent --status --since --limit --output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' resume-run') _ollama_orchestrate_words '--allow-changed-models --output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' retry-run') _ollama_orchestrate_words '--from --allow-changed-models --output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' delete-runs') _ollama_orchestrate_words '--older-than --output -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' serve') _ollama_orchestrate_words '--port --listen --token --allow-host --slots --queue --queue-per-client -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' simulate') _ollama_orchestrate_words '--port --listen --model --models-file --fault --memory --max-loaded --parallel --max-queue --server-version --time-scale --seed -h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' builtin') _ollama_orchestrate_words '-h --help --host --quiet --verbose --no-color --config-dir --json' ;;
      ' builtin help' | ' help') _ollama_orchestrate_words '--host --quiet --verbose --no-color --config-dir --json' ;;
    esac
    return
  fi
  case "$path $operands" in
    ' 0') _ollama_orchestrate_words 'quickstart create-agent list-agents show-agent update-agent delete-agent run-tasks run-workflow explain list-runs show-run resume-run retry-run cancel-run export-run delete-runs validate-workflow serve simulate builtin completion help' ;;
    ' create-agent 0' | ' explain 1') : ;;
    ' show-agent 0' | ' update-agent 0' | ' delete-agent '* | ' run-tasks 0' | ' run-workflow 0' | ' explain 0') _ollama_orchestrate_agents ;;
    ' show-run 0' | ' resume-run 0' | ' retry-run 0' | ' cancel-run 0' | ' export-run 0' | ' delete-runs '*) _ollama_orchestrate_runs ;;
    ' validate-workflow 0') _ollama_orchestrate_paths -f ;;
    ' builtin 0') _ollama_orchestrate_words 'install list remove help' ;;
    ' builtin help 0') _ollama_orchestrate_words 'install list remove' ;;
    ' completion 0') _ollama_orchestrate_words 'bash zsh' ;;
    ' help 0') _ollama_orchestrate_words 'quickstart create-agent list-agents show-agent update-agent delete-agent run-tasks run-workflow explain list-runs show-run resume-run retry-run cancel-run export-run delete-runs validate-workflow serve simulate builtin completion' ;;
  esac
}

complete -F _ollama_orchestrate ollama-orchestrate
