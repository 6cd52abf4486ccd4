/** The main help page, made from the command tree by scripts/generate.mjs. */
export const helpPage = `Usage: ollama-orchestrate COMMAND [flags]

Give Ollama more than one prompt: agents, parallel tasks and workflows on your
own models.

Flags:
  -v, --version             print the version
  --host URL                address of the Ollama server
  --quiet                   print nothing but results and problems
  --verbose                 print more about what happens
  --no-color                print without colors
  --config-dir DIR          directory of agents and settings
  --json                    short for --output json
  -h, --help                print help

Commands:
  quickstart                See it work: set up what is missing, then run tasks
                            and a workflow on a real model
  create-agent NAME         Create an agent
  list-agents               List agents
  show-agent AGENT          Show an agent
  update-agent AGENT        Change an agent
  delete-agent AGENT...     Delete agents
  run-tasks [AGENT]         Run tasks with an agent, in parallel
  run-workflow [AGENT]      Run a workflow with an agent: steps that use the
                            outputs of others
  explain AGENT [PROMPT]    Show which model a prompt would go to, and why;
                            sends none, and works without a server
  list-runs                 List runs
  show-run RUN              Show the results of a run
  resume-run RUN            Go on with a run that was interrupted
  retry-run RUN             Do the failed, skipped and cancelled tasks of a run
                            again
  cancel-run RUN            End a run that is going on
  export-run RUN            Print the events of a run, one a line
  delete-runs [RUN...]      Delete runs
  validate-workflow FILE|-  Check a workflow file; needs no server and no agent
  serve                     Answer HTTP requests: agents, tasks and workflows,
                            and all that Ollama itself answers
  simulate                  Answer as an Ollama server would, with models that
                            are made up
  builtin                   Set up the built-in engine, which runs models
                            without Ollama
  completion SHELL          Print the completion script of a shell
  help [COMMAND]            Print help for a command

Environment Variables:
  OLLAMA_HOST                   address of the server (default 127.0.0.1:11434)
  OLLAMA_HOSTS                  addresses of several servers, separated by commas
  OLLAMA_API_KEY                key for ollama.com
  OLLAMA_ORCHESTRATE_HOME       directory for all files of this program
  OLLAMA_ORCHESTRATE_BACKEND    what runs the models: ollama, builtin or simulated
  OLLAMA_ORCHESTRATE_SIMULATOR  file that describes the simulated models
  OLLAMA_ORCHESTRATE_TOKEN      what clients of serve have to send
  NO_COLOR                      set: no colors
  FORCE_COLOR                   set: colors also where there is no terminal
  CI                            set: plain progress lines instead of the live view
`;
