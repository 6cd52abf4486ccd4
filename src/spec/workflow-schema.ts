import { z } from 'zod';
import { durationSchema, taskSchema } from './schema.ts';

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
    max_parallel: z
      .int(countRule)
      .min(1, countRule)
      .max(1024, countRule)
      .optional()
      .describe("most requests in flight, like `--concurrency`, in place of the agent's limit"),
    fail_fast: yesOrNo.optional().describe('start nothing more after a failure, like `--fail-fast`'),
  },
  'must be a map with steps',
);

/** Words that later versions will know. A file that relies on one must not run as if it were not there. */
export const laterKeys = {
  workflow: ['budget'],
  step: ['agent', 'context', 'continue_on_error', 'foreach', 'if', 'max_parallel'],
} as const;
