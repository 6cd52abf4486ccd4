/**
 * Every problem this program can report: its exit code, its HTTP status and what it means. Codes never change;
 * `docs/errors.md` is generated from this table.
 */
export const catalogue = {
  // What was asked for is wrong: nothing was sent.
  'usage-invalid': { exit: 2, status: 400, title: 'A command, flag or value is wrong' },
  'file-unreadable': { exit: 2, status: 400, title: 'A file named by the user cannot be read' },
  'input-too-large': { exit: 2, status: 413, title: 'A prompt, file or list is larger than the limit' },
  'agent-invalid': { exit: 2, status: 400, title: 'An agent is not valid' },
  'agent-unknown': { exit: 2, status: 404, title: 'No agent has this name or id' },
  'agent-ambiguous': { exit: 2, status: 409, title: 'Several agents match this id prefix' },
  'agent-exists': { exit: 2, status: 409, title: 'The name of the agent is taken' },
  'agent-damaged': { exit: 2, status: 500, title: 'The stored file of an agent cannot be understood' },
  'run-unknown': { exit: 2, status: 404, title: 'No run has this id' },
  'run-ambiguous': { exit: 2, status: 409, title: 'Several runs match this part of an id' },
  'run-ended': { exit: 2, status: 409, title: 'The run has ended, and this needs one that has not' },
  'model-changed': { exit: 2, status: 409, title: 'A model is not the one the run began with' },
  'run-active': { exit: 2, status: 409, title: 'The run is still going on' },
  'workflow-invalid': { exit: 2, status: 400, title: 'A workflow file is not valid' },
  'task-invalid': { exit: 2, status: 400, title: 'A task or step is not valid' },
  'task-type-unknown': { exit: 2, status: 400, title: 'No such task type' },
  'task-type-unregistered': {
    exit: 2,
    status: 400,
    title: 'The task type needs a handler registered through the library',
  },
  'step-unknown': { exit: 2, status: 400, title: 'No step has this name' },
  'name-duplicate': { exit: 2, status: 400, title: 'Two tasks have the same name' },
  'placeholder-unknown': { exit: 2, status: 400, title: 'A placeholder refers to nothing' },
  'placeholder-unset': { exit: 2, status: 400, title: 'A placeholder refers to a value that was not given' },
  'expression-invalid': { exit: 2, status: 400, title: 'A condition or list expression cannot be understood' },
  cycle: { exit: 2, status: 400, title: 'Steps need each other in a circle' },
  'prompt-empty': { exit: 2, status: 400, title: 'A prompt is empty' },
  'prompt-not-text': { exit: 2, status: 400, title: 'A prompt holds bytes that are not text' },
  'host-invalid': { exit: 2, status: 400, title: 'The address of an Ollama server is not valid' },
  'environment-unset': { exit: 2, status: 400, title: 'A named environment variable is not set' },

  // What was asked of our own server is wrong.
  'body-invalid': { exit: 2, status: 400, title: 'The body of an HTTP request is not what it must be' },
  'path-unknown': { exit: 2, status: 404, title: 'Our server has nothing at this path' },
  'method-refused': { exit: 2, status: 405, title: 'Our server does not take this method at this path' },
  'media-type-refused': { exit: 2, status: 415, title: 'The body of an HTTP request is of another type than JSON' },
  'token-refused': { exit: 2, status: 401, title: 'Our server wants a token, and this is not it' },
  'token-locked': { exit: 2, status: 429, title: 'Too many wrong tokens came from this address' },
  'origin-refused': { exit: 2, status: 403, title: 'Our server does not answer pages of this site' },
  'queue-full': { exit: 1, status: 429, title: 'Our server has as much waiting as it takes' },

  // The server or the model could not do it.
  'host-unreachable': { exit: 3, status: 502, title: 'No Ollama server answers at the address' },
  'host-gone': { exit: 3, status: 502, title: 'The Ollama server went away during the task' },
  'host-not-ollama': { exit: 3, status: 502, title: 'Something answers at the address, but not as Ollama does' },
  'engine-missing': { exit: 3, status: 503, title: 'The built-in engine is not installed' },
  'model-missing': { exit: 4, status: 404, title: 'The model is not installed on any reachable server' },
  'model-incapable': { exit: 1, status: 422, title: 'No model of the agent can do this kind of task' },
  'model-failed': { exit: 1, status: 502, title: 'The server could not load or run the model' },
  'server-busy': { exit: 1, status: 503, title: 'The server refuses more work for now' },
  'server-error': { exit: 1, status: 502, title: 'The server failed' },
  'request-refused': { exit: 1, status: 422, title: 'The server finds the request wrong' },
  'prompt-too-long': { exit: 1, status: 422, title: 'The prompt does not fit into the context of the model' },
  'access-denied': { exit: 1, status: 502, title: 'The server wants other credentials, host or origin' },
  'rate-limited': { exit: 1, status: 429, title: 'A usage limit of the server is reached' },
  'endpoint-missing': { exit: 1, status: 502, title: 'The server is too old for this request' },
  'stream-broken': { exit: 1, status: 502, title: 'The connection broke while the answer arrived' },
  'stream-incomplete': { exit: 1, status: 502, title: 'The answer ended without its closing line' },
  'output-too-large': { exit: 1, status: 502, title: 'The answer is larger than the limit' },
  'output-missing': { exit: 1, status: 502, title: 'The model spent its whole answer on thinking' },
  'output-invalid': { exit: 1, status: 502, title: 'The answer is not of the format asked for' },
  'expression-failed': { exit: 1, status: 422, title: 'A condition or list expression has no value' },
  'value-missing': { exit: 1, status: 422, title: 'An output holds nothing at the place a placeholder names' },
  'items-failed': { exit: 1, status: 502, title: 'Some items of a foreach step failed, for different reasons' },
  'answer-unrecorded': { exit: 1, status: 422, title: 'The replayed run holds no answer to this prompt' },
  'handler-failed': { exit: 1, status: 500, title: 'A registered handler threw an error' },
  timeout: { exit: 5, status: 504, title: 'An attempt took longer than its limit' },
  stalled: { exit: 5, status: 504, title: 'The answer stopped arriving' },
  'run-timeout': { exit: 5, status: 504, title: 'The run took longer than its limit' },

  // Why a task did not run or was stopped.
  'needs-failed': { exit: 1, status: 424, title: 'A task that this one needs did not complete' },
  'condition-false': { exit: 0, status: 200, title: 'The condition of the step is false' },
  'fail-fast': { exit: 1, status: 424, title: 'Another task failed and the run was told to stop then' },
  'budget-reached': { exit: 5, status: 429, title: 'A limit of the run was reached' },
  cancelled: { exit: 130, status: 499, title: 'The run was cancelled' },
  interrupted: { exit: 130, status: 499, title: 'The run was interrupted' },
  terminated: { exit: 143, status: 499, title: 'The run was terminated' },

  // Ourselves.
  'download-failed': { exit: 1, status: 502, title: 'A download did not succeed' },
  'storage-failed': { exit: 74, status: 507, title: 'Our own files cannot be read or written' },
  internal: { exit: 70, status: 500, title: 'A fault of this program' },
} as const satisfies Record<string, { exit: number; status: number; title: string }>;

export type ProblemCode = keyof typeof catalogue;
