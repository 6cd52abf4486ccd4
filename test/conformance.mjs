// What the original `ollama orchestrate` does wrong, and what this tool does instead. Each row names the tests that hold
// it (file, then words of their titles), or the work it waits for. `scripts/conformance.mjs` makes docs/conformance.md of it.

const inputs = 'test/cli/run-inputs.test.ts';
const outputs = 'test/cli/run-outputs.test.ts';
const failures = 'test/cli/run-failures.test.ts';
const limits = 'test/cli/run-limits.test.ts';
const agents = 'test/cli/agents.test.ts';
const store = 'test/unit/agents/agent-store.test.ts';
const examples = 'test/e2e/documented-examples.test.ts';

const agentsRoute = 'test/server/routes/agents.test.ts';
const tasksRoute = 'test/server/routes/tasks.test.ts';
const workflowsRoute = 'test/server/routes/workflows.test.ts';

/** The recorded conversation with the original, and what holds our answers to it. */
export const conversationTest = ['test/server/reference.test.ts', 'is answered in kind, but where a defect is mended'];

export const rows = [
  {
    id: 'R1',
    original: 'Commands print what they would do; nothing is ever sent',
    ours: 'Every command does what it says: one request with a prompt per task',
    tests: [[examples, 'each task costs one request with a prompt']],
  },
  {
    id: 'R2',
    original: '`--tasks` and `--steps` are split as CSV: commas, quotes and line breaks mangle prompts',
    ours: 'One value per flag, split at the first one or two colons; prompts arrive byte for byte',
    tests: [
      [inputs, 'prompts reach the server as they were typed'],
      ['test/property/flags.test.ts', 'a task comes out of its flag as it was put in'],
    ],
  },
  {
    id: 'R3',
    original: 'No get or update of agents, no JSON output, no configuration input',
    ours: '`show-agent`, `update-agent`, `--json` everywhere, `--config` from a file or stdin, `--set key=value`',
    tests: [
      [agents, 'prints the agent with --json'],
      [agents, 'changes what is given'],
      [agents, 'reads settings from stdin'],
    ],
  },
  {
    id: 'R4',
    original: '`max_concurrent_tasks` is never read',
    ours: 'The server never sees more open, counted at the server',
    tests: [[limits, 'with fifty tasks the server never sees more open than the agent allows']],
  },
  {
    id: 'R5',
    original: '`timeout_seconds` is never read; no deadline anywhere',
    ours: 'Deadlines for connecting, silence, one attempt and the whole run; the connection is closed',
    tests: [
      [failures, 'every failure a timeout'],
      [failures, 'the time limit of the run'],
      [limits, 'the limits of an agent hold'],
    ],
  },
  {
    id: 'R6',
    original: '`routing_preferences` is never read; `default_model` loses to keyword rules',
    ours: 'Named model, then `routing_preferences`, capability and kind, `default_model`, first model',
    tests: [['test/unit/routing/route.test.ts', '']],
  },
  {
    id: 'R7',
    original: 'Tasks always go to the first model',
    ours: 'Tasks and steps are routed by the same rules',
    tests: [[examples, '"Write the Python code for this plan" goes to codellama:latest']],
  },
  {
    id: 'R8',
    original: 'An embed step may go to a chat model',
    ours: 'Embed tasks go to a model that can embed, or fail without being sent',
    tests: [
      [inputs, 'an embed task goes to the model of the agent that can embed'],
      [failures, 'an embed task without a model that can embed fails unsent'],
    ],
  },
  {
    id: 'R9',
    original: 'Words such as "decode", also in earlier outputs, reroute a step; no reason is given',
    ours: "Only the user's own words decide, as whole words; plan and result give the reasons",
    tests: [
      ['test/unit/plan/plan-run.test.ts', 'text from other steps does not decide the kind'],
      ['test/unit/routing/classify.test.ts', 'barcode scanners'],
    ],
  },
  {
    id: 'R10',
    original: 'One failed task turns the whole answer into an error; everything else is lost',
    ours: 'A failed task hides no other: all results and all reasons are in the document',
    tests: [[failures, 'failures of several kinds: exit 1, each told, the others unharmed']],
  },
  {
    id: 'R11',
    original: 'In sequence, a failure loses what was done and what was to come',
    ours: 'The rest still runs, unless it refers to the failed task; that is skipped, with the reason',
    tests: [[failures, 'a task in sequence that refers to a failed one is skipped, the rest runs']],
  },
  {
    id: 'R12',
    original: 'A response with `status: "failed"` is built and thrown away',
    ours: 'The document with status and error is what is printed',
    tests: [[failures, 'no server: exit 3, what was tried and what to type, and a document all the same']],
  },
  {
    id: 'R13',
    original: 'Unknown agent: 404 here, 500 there',
    ours: '404 everywhere; on the command line exit 2',
    tests: [
      [tasksRoute, 'an unknown agent is refused before anything is sent'],
      [agentsRoute, 'of an unknown agent is answered with 404'],
    ],
  },
  {
    id: 'R14',
    original: 'A failed workflow step answers 200, a failed task 500',
    ours: 'Both answer 200 with the end of each; they share one document and one set of exit codes',
    tests: [
      [tasksRoute, 'when one of two tasks fails, the answer is 200 with the end of each'],
      [workflowsRoute, 'when a step fails, the answer is 200 with the end of each'],
    ],
  },
  {
    id: 'R15',
    original: 'The entry of a failed step is empty',
    ours: 'Every entry has name, type, input, status, error and problem',
    tests: [[failures, 'a failed step skips those that need it, and the others run']],
  },
  {
    id: 'R16',
    original: 'Workflows have no ids, metrics, times or status, and are strictly linear',
    ours: 'Steps have all of these; edges come from placeholders, independent steps run side by side, conditions and lists included',
    tests: [
      [outputs, 'the document of a workflow has steps with success'],
      ['test/property/engine.test.ts', ''],
      ['test/unit/engine/steps.test.ts', 'a step whose condition is false is skipped'],
      ['test/unit/engine/steps.test.ts', 'a foreach step becomes a task for each element'],
      ['test/cli/examples.test.ts', ''],
    ],
  },
  {
    id: 'R17',
    original: 'Placeholders are expanded in random order and again inside outputs; names collide',
    ours: 'One pass; text from a model, a file or stdin is never expanded; colliding names are refused',
    tests: [['test/property/template.test.ts', 'no output, value or prompt file brings in a placeholder of its own']],
  },
  {
    id: 'R18',
    original: 'Unknown placeholders are sent to the model as they are',
    ours: 'Refused before anything is sent, with a suggestion',
    tests: [[inputs, 'a placeholder']],
  },
  {
    id: 'R19',
    original: 'Unknown task types succeed with canned text',
    ours: 'Refused with a suggestion, exit 2; a `custom` task needs a registered handler',
    tests: [[inputs, 'a task type']],
  },
  {
    id: 'R20',
    original: '`tool` tasks report tools that do not exist as completed',
    ours: 'No such type yet: refused, never a canned success',
    tests: [[inputs, 'the type tool']],
  },
  {
    id: 'R21',
    original: '`plugin` and `reflect` likewise',
    ours: 'Likewise refused',
    tests: [
      [inputs, 'the type plugin'],
      [inputs, 'the type reflect'],
    ],
  },
  {
    id: 'R22',
    original: '`embed` discards the vector and uses a deprecated endpoint',
    ours: 'Vectors are returned; several texts share one `/api/embed` request',
    tests: [[inputs, 'three embed tasks cost one request, and their vectors are in the document']],
  },
  {
    id: 'R23',
    original: 'Token counts are never filled in, load and evaluation times dropped',
    ours: "The server's own figures, and our clock for the rest",
    tests: [['test/unit/engine/decisions.test.ts', 'metrics come from our clock and from what the server tells']],
  },
  {
    id: 'R24',
    original: '`thinking`, `tool_calls` and `done_reason` are dropped: a cut answer looks like success',
    ours: 'All are kept; a cut answer carries a warning, thinking without an answer is a failure',
    tests: [
      [failures, 'an answer cut off by its limit completes with a warning'],
      ['test/unit/engine/request/judge-outcome.test.ts', 'an answer that is thinking alone is a failure'],
    ],
  },
  {
    id: 'R25',
    original: '`stream`, `keep_alive`, `parameters`, `system`, `format`, `think`, `images` are accepted and ignored',
    ours: 'All fields reach the server; answers are held to their `format`; what means nothing to a type is told as ignored',
    tests: [
      [inputs, 'every field of a task as JSON reaches the server'],
      ['test/cli/structured.test.ts', 'an answer that does not fit its schema is sent back with what is wrong'],
      [limits, '--keepalive is sent once, on its own, before the first prompt'],
    ],
  },
  {
    id: 'R26',
    original: 'An update clears what it does not name, and the time of creation',
    ours: '`PUT` replaces what a user sets or changes nothing, `PATCH` and `update-agent` change what is given; id and `created_at` stay',
    tests: [
      [agentsRoute, 'PUT replaces all that was said, and keeps id and time of creation'],
      [agentsRoute, 'PUT that is wrong changes nothing'],
      [agentsRoute, 'PATCH changes what it names'],
    ],
  },
  {
    id: 'R27',
    original: 'Nothing is validated: empty names, no models, duplicate names, no tasks',
    ours: 'Everything is, and all that is wrong is told at once',
    tests: [
      ['test/unit/agents/schema.test.ts', 'tells all that is wrong at once'],
      [store, 'refuses a name that differs only in case'],
    ],
  },
  {
    id: 'R28',
    original: 'Absent values are written as `null`',
    ours: 'Absent means absent',
    tests: [
      ['test/unit/events/to-run-document.test.ts', 'fields without a value are absent, not undefined and not null'],
    ],
  },
  {
    id: 'R29',
    original: 'Agents are found by UUID only',
    ours: 'By name, id, or the unique beginning of an id',
    tests: [[store, 'finds by']],
  },
  {
    id: 'R30',
    original: 'Nothing survives a restart; outputs of finished tasks stay in memory for ever',
    ours: 'Agents are kept in files, runs in a journal from which they go on; an output is held only while a later task needs it',
    tests: [
      ['test/e2e/agents.test.ts', 'keeps all agents of fifty processes'],
      ['test/e2e/journal.test.ts', 'what had finished when the process was killed is kept'],
      ['test/e2e/further-runs.test.ts', 'a run whose process was killed goes on where it was'],
      ['test/unit/engine/decisions.test.ts', 'an output is kept until the last task that needs it has ended'],
    ],
  },
  {
    id: 'R31',
    original: 'Parallel tasks write shared maps without a lock, which can kill the server',
    ours: 'One state machine owns a run; every interleaving ends each task exactly once',
    tests: [['test/property/engine.test.ts', '']],
  },
  {
    id: 'R32',
    original: 'No retries, model affinity, pulling, capability checks or several servers',
    ours: 'All of these',
    tests: [
      [failures, 'a busy server is tried again'],
      [failures, '--pull gets a missing model first'],
      [limits, 'twenty tasks that alternate between two models'],
      ['test/unit/app/create-orchestrator.test.ts', 'tasks spread over the hosts of an agent'],
    ],
  },
  {
    id: 'R33',
    original: 'The server calls itself through `OLLAMA_HOST`, which may name another or be a bind address',
    ours: "`OLLAMA_HOST` is read by the server's own rules; bind addresses become loopback",
    tests: [['test/unit/ollama/parse-host.test.ts', '0.0.0.0']],
  },
  {
    id: 'R34',
    original: 'Agents are listed in random order',
    ours: 'Oldest first',
    tests: [[store, 'begins with the oldest']],
  },
  {
    id: 'R35',
    original: 'Results of failed tasks would be empty objects',
    ours: '`results` holds what completed, and nothing else',
    tests: [['test/unit/events/to-run-document.test.ts', 'the results of those that succeeded']],
  },
  {
    id: 'R36',
    original: 'Sanitising, limits, timeouts and degradation are claimed and missing',
    ours: 'Output of a model cannot act on the terminal; limits hold; a missing model falls back aloud',
    tests: [
      ['test/unit/render/views.test.ts', 'nothing hostile reaches a terminal'],
      [failures, 'a missing model is replaced by the next one of the agent, which is said aloud'],
    ],
  },
  {
    id: 'R37',
    original: 'A second REST layer exists, unused',
    ours: 'One registry holds every endpoint there is',
    tests: [['test/unit/registries.test.ts', "the 'route' 'server/routes/agents.ts' is registered"]],
  },
];
