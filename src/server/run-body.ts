// In: the body of a request for tasks or a workflow. Out: what the library is asked for.
import { z } from 'zod';
import { budgetLimitsSchema, keepAliveSchema } from '../agents/schema.ts';
import type { RunRequest } from '../app/load-parts.ts';
import { throwProblems, type Problem } from '../errors/problem.ts';
import type { TaskInput } from '../spec/schema.ts';
import { workflowSchema } from '../spec/workflow/workflow-schema.ts';
import { requestSources, workflowName } from './request-sources.ts';
import type { ServerContext } from './server-context.ts';
import { withParameters } from './with-parameters.ts';

const text = z.string('must be text');
const yesOrNo = z.boolean('must be true or false');

/** How a run is to be answered. */
const answerShape = {
  stream: yesOrNo.optional().describe('answer with the events of the run as they happen, a JSON object per line'),
  detach: yesOrNo.optional().describe('go on when the client has gone; without `stream` the answer is 202 and the id'),
};

const envelopeShape = {
  agent_id: text.min(1, 'must be the name or id of an agent').describe('name, id, or unique beginning of the id'),
  ...answerShape,
  keep_alive: keepAliveSchema.optional().describe('how long a model stays loaded afterwards'),
};

const { timeout, max_parallel, fail_fast } = workflowSchema.shape;

/** A request for tasks. */
export const tasksBody = z.strictObject(
  {
    ...envelopeShape,
    tasks: z.array(z.unknown(), 'must be a list of tasks').describe('the tasks, each with `type` and `input`'),
    sequential: yesOrNo.optional().describe('one after another'),
    each_model: yesOrNo.optional().describe('every task with each model of the agent that can do it'),
    parameters: z
      .record(z.string(), z.unknown(), 'must be an object')
      .optional()
      .describe('fields of every task that does not have them itself'),
    vars: z
      .record(z.string(), text, 'must be an object of texts')
      .optional()
      .describe('what `{{vars.NAME}}` stands for'),
    ...{ timeout, max_parallel, fail_fast },
    budget: budgetLimitsSchema
      .optional()
      .describe("limits of the whole run, each in place of the agent's: when one is reached nothing new starts"),
  },
  'must be an object',
);

/** A request for a workflow: the keys of a workflow file beside those of the request, or the text of one. */
export const workflowBody = z.looseObject(
  {
    ...envelopeShape,
    workflow: text.optional().describe('the text of a workflow file, YAML or JSON, in place of its keys'),
    vars: z.record(z.string(), z.unknown(), 'must be an object').optional(),
  },
  'must be an object',
);

/** How a further part of a run is to be answered. */
export const furtherBody = z.strictObject(
  {
    ...answerShape,
    allow_changed_models: yesOrNo.optional().describe('go on although a model is not the one it was'),
  },
  'must be an object',
);

/** What is asked for of tasks. */
export function toTasksRequest(body: z.output<typeof tasksBody>, { host, settings }: ServerContext): RunRequest {
  const { agent_id, tasks, sequential, parameters = {}, vars, keep_alive, each_model } = body;
  return {
    run_type: 'tasks',
    agent: agent_id,
    tasks: tasks.map((task) => withParameters(task, parameters) as TaskInput),
    ...{ sequential, vars, keep_alive, eachModel: each_model, hosts: settings.hosts },
    ...{ runTimeoutMs: body.timeout, concurrency: body.max_parallel, failFast: body.fail_fast },
    budget: body.budget,
    sources: requestSources(host),
  };
}

/** What is asked for of a workflow. JSON is YAML: keys that came beside the request are read as a file of their own. */
export function toWorkflowRequest(body: z.output<typeof workflowBody>, { host, settings }: ServerContext): RunRequest {
  const { agent_id, stream: _stream, detach: _detach, keep_alive, workflow, ...keys } = body;
  const shared = {
    run_type: 'workflow',
    agent: agent_id,
    file: workflowName,
    keep_alive,
    hosts: settings.hosts,
  } as const;
  if (workflow === undefined) return { ...shared, sources: requestSources(host, JSON.stringify(keys, undefined, 2)) };
  const { vars, ...surplus } = keys;
  refuseSurplus(surplus);
  return { ...shared, vars: readVars(vars), sources: requestSources(host, workflow) };
}

function refuseSurplus(keys: Readonly<Record<string, unknown>>): void {
  const problems = Object.keys(keys).map((key): Problem => {
    const message = `'${key.slice(0, 80)}' is given beside 'workflow', whose text says everything`;
    return { code: 'body-invalid', message, hint: "put it into the text, or send the keys without 'workflow'" };
  });
  throwProblems(problems);
}

/** Values for the variables that the text declares. */
function readVars(vars: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const problems: Problem[] = [];
  const entries = Object.entries(vars).map(([name, value]) => {
    if (typeof value !== 'string') problems.push({ code: 'body-invalid', message: `vars.${name}: must be text` });
    return [name, String(value)] as const;
  });
  throwProblems(problems);
  return Object.fromEntries(entries);
}
