import { z } from 'zod';
import { durationSchema, taskSchema } from '../schema.ts';

// What a workflow file may say. The reference page and the JSON Schema for editors are made from this.

const text = z.string('must be text');
const yesOrNo = z.boolean('must be true or false');
const countRule = 'must be a whole number from 1 to 1024';
const scalar = z.union([text, z.number(), z.boolean()], 'must be text');

/** A name, or a list of names. */
const names = (what: string) => {
  const rule = `must be ${what}, or a list of them`;
  return z.union([text, z.array(z.string(rule), rule)], rule).transform((value) => [value].flat());
};

const maxParallel = z.int(countRule).min(1, countRule).max(1024, countRule).optional();

/** The keys of a step that say when, how often and by whom it is done. */
export const frameShape = {
  if: z
    .union([z.string(), z.number(), z.boolean()], 'must be an expression, true or false')
    .transform(String)
    .optional()
    .describe('a [condition](#conditions): the step is skipped when it does not hold'),
  foreach: z
    .union([z.array(z.unknown()), z.string()], 'must be a list, or an expression that gives one')
    .optional()
    .describe(
      'a [list](#lists), or an expression that gives one: the step is done for each of its elements, `{{item}}`',
    ),
  max_parallel: maxParallel.describe("most items of its `foreach` at once; without it only the run's limits count"),
  continue_on_error: yesOrNo
    .optional()
    .describe('`true`: when it fails, the run goes on as if its output were empty, and can still complete'),
  agent: z
    .string('must be the name or id of an agent')
    .trim()
    .min(1, 'must be the name or id of an agent')
    .optional()
    .describe("the agent that does it in place of the run's, by name or id"),
  context: z
    .literal('previous', 'must be "previous"')
    .optional()
    .describe(
      '`previous`: the [prompts and outputs](#earlier-steps-as-messages) of the steps it needs come before its prompt (`chat`)',
    ),
};

/** The keys of a step, in the order in which people think of them. */
const stepKeys = {
  name: text
    .optional()
    .describe(
      'how others call it: letters, digits, `_`, `.` and `-`; without one it is `step1`, `step2` … by its place',
    ),
  type: text.describe('what is done: `generate`, `chat`, `embed`, or a type registered through the library').meta({
    examples: ['generate', 'chat', 'embed'],
  }),
  prompt: text.optional().describe('what is sent, with [placeholders](#placeholders); `input` means the same'),
  prompt_file: text
    .optional()
    .describe('a file that holds the prompt, relative to the workflow file; sent as it is, without placeholders'),
  needs: names('the name of a step')
    .optional()
    .describe(
      'steps that must have completed first, one name or a list; a step named in a placeholder is needed anyway',
    ),
  ...frameShape,
  model: text.optional().describe('the model it must go to; no other takes its place; `model_name` means the same'),
  system: text.optional().describe('the system prompt, with placeholders'),
  messages: taskSchema.shape.messages.describe("messages before the prompt, as Ollama's API takes them (`chat`)"),
  format: taskSchema.shape.format.describe(
    '`json`, or the JSON Schema [its answer is held to](guide.md#json-and-code)',
  ),
  extract: taskSchema.shape.extract.describe(
    'its output is the `json`, `code` or `code:LANGUAGE` that stands in the answer, for steps without `format`',
  ),
  images: taskSchema.shape.images.describe(
    'pictures: base64, or `@picture.png` for a file, relative to the workflow file',
  ),
  think: taskSchema.shape.think.describe(
    '`true`, `false`, `low`, `medium`, `high` or `max`, for models that can think',
  ),
  options: taskSchema.shape.options.describe('model options such as `temperature`, `seed` or `num_ctx`'),
  on_truncate: taskSchema.shape.on_truncate.describe(
    '`fail` or `warn`: what becomes of it when its prompt [does not fit](guide.md#prompts-that-do-not-fit)',
  ),
  timeout: durationSchema.optional().describe('longest time of one attempt: `30s`, `5m`, or a number of seconds'),
  retries: taskSchema.shape.retries.describe('attempts after one that failed for a passing fault'),
  priority: taskSchema.shape.priority.describe('of the steps that could start, the highest goes first (0 unless said)'),
  parameters: taskSchema.shape.parameters.describe(
    'any of the fields above once more: `parameters.x` is the same as `x`',
  ),
  input: text.optional().describe('the same as `prompt`'),
  model_name: text.optional().describe('the same as `model`'),
};

/** How a step reads in a file; `type` and the prompt are looked at together with the rest of the task. */
export const stepSchema = z.strictObject(
  { ...stepKeys, ...taskSchema.shape, ...stepKeys },
  'must be a step: a map with a type and a prompt',
);

/** How a variable is declared, where it is not just its default. */
export const varSchema = z.strictObject(
  {
    default: scalar
      .transform(String)
      .optional()
      .describe('its value when `--var` gives none; numbers are taken as they are written'),
    required: yesOrNo
      .optional()
      .describe('`false`: without a value it is empty. A variable with neither this nor a default must be given'),
    description: text.optional().describe('what it is for, told when it is missing'),
  },
  'must be a default, or a map with default, required and description',
);

const amountRule = 'must be a whole number above 0';
const amount = z.int(amountRule).min(1, amountRule);

/** Limits of a whole run. */
export const budgetSchema = z.strictObject(
  {
    tokens: amount.optional().describe('tokens of all prompts and answers together'),
    loads: amount.optional().describe('how often servers load a model for it'),
    time: durationSchema.optional().describe('time since its start: `30s`, `10m`, or a number of seconds'),
  },
  'must be a map with tokens, loads or time',
);

export const varNamePattern = /^[A-Za-z0-9_][A-Za-z0-9_-]*$/;
export const varNameRule = 'a variable is named with letters, digits, `_` and `-`';

/** A workflow file, keys with `_`. */
export const workflowSchema = z.strictObject(
  {
    name: text.optional().describe('what the workflow is called'),
    vars: z
      .record(
        z.string().regex(varNamePattern, varNameRule),
        z.union([scalar, z.null(), varSchema]),
        'must be a map from names to defaults',
      )
      .optional()
      .describe('the variables, by name: a default, or a map of the [keys below](#variables)'),
    env: names('the name of an environment variable')
      .optional()
      .describe('the environment variables it may read as `{{env.X}}`, one name or a list'),
    steps: z
      .array(stepSchema, 'must be a list of steps')
      .min(1, 'must hold at least one step')
      .describe('the [steps](#steps)'),
    output: text.optional().describe('the step whose text is the result; without it, the last one of the file'),
    timeout: durationSchema
      .optional()
      .describe('longest time of the whole run, like `--run-timeout`: `10m`, or a number of seconds'),
    max_parallel: maxParallel.describe("most requests in flight, like `--concurrency`, in place of the agent's limit"),
    fail_fast: yesOrNo.optional().describe('start nothing more after a failure, like `--fail-fast`'),
    budget: z
      .union([budgetSchema, text], 'must be a map with tokens, loads or time')
      .optional()
      .describe('[limits](#budget) of the whole run: when one is reached nothing new starts'),
  },
  'must be a map with steps',
);
