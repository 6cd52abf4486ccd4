import { z } from 'zod';
import { ProblemError } from '../errors/problem.ts';
import { goDurationPattern, parseGoDuration } from '../lib/go-duration.ts';
import { parseHostAddress } from '../ollama/parse-host.ts';
import { hiddenHeaderValue } from './hidden-header-value.ts';

// What an agent may hold, as documents and files show it. Each rule is said once, in words that finish "x: …".

const agentName = z
  .string('must be text')
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/,
    'must be 1 to 64 letters, digits, `.`, `_` or `-`, not starting with `.` or `-`',
  );

const modelName = z.string('must be the name of a model').regex(/^[^\s\p{Cc}]+$/u, 'must be the name of a model');

const models = z.array(modelName, 'must be a list of model names').min(1, 'must name at least one model');

const wholeNumber = (min: number, max: number) => {
  const rule = `must be a whole number from ${min} to ${max}`;
  return z.int(rule).min(min, rule).max(max, rule);
};

/** Timers of the platform hold at most 2^31 - 1 ms. */
const maxSeconds = 2_147_483;
const secondsRule = `must be a number of seconds above 0 and at most ${maxSeconds}`;
const seconds = z.number(secondsRule).gt(0, secondsRule).max(maxSeconds, secondsRule);

const yesOrNo = z.boolean('must be true or false');

const goDuration = (isRight: (ns: number | undefined) => boolean, rule: string) =>
  z
    .string()
    .refine((value) => isRight(parseGoDuration(value)), rule)
    .meta({ pattern: goDurationPattern });

const keepAliveRule = "must be a duration with a unit such as '5m' (or '-1s' for ever), or a number of seconds";
/** How long a model stays loaded. */
export const keepAliveSchema = z.union(
  [goDuration((value) => value !== undefined, keepAliveRule), z.number()],
  keepAliveRule,
);

const timeRule = "must be a duration above 0 such as '10m', or a number of seconds, at most 24 days";
const isTime = (ns: number | undefined): boolean => ns !== undefined && ns > 0 && ns <= maxSeconds * 1e9;
const time = z.union(
  [goDuration(isTime, timeRule), z.number().refine((value) => isTime(value * 1e9), timeRule)],
  timeRule,
);

const amountRule = 'must be a whole number above 0';
const amount = z.int(amountRule).min(1, amountRule);

/** Limits of a whole run: when one is reached nothing new starts. */
export const budgetLimitsSchema = z.strictObject(
  { tokens: amount.optional(), loads: amount.optional(), time: time.optional() },
  'must be an object with tokens, loads or time',
);

const options = z.record(z.string(), z.json(), 'must be an object of model options such as {"num_ctx": 8192}');

const routingPreferences = z.strictObject(
  {
    code: modelName.optional(),
    math: modelName.optional(),
    writing: modelName.optional(),
    extraction: modelName.optional(),
    translation: modelName.optional(),
    embedding: modelName.optional(),
    other: modelName.optional(),
    generate: modelName.optional(),
    chat: modelName.optional(),
    embed: modelName.optional(),
    custom: modelName.optional(),
  },
  'must be an object from a kind of work or task type to a model',
);

const hostUrl = z
  .string('must be an address')
  .regex(/^\S+$/, { error: 'must be the address of a server', abort: true })
  .superRefine((address, context) => {
    try {
      parseHostAddress(address);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { hint = 'write host:port' } = error.problem;
      context.addIssue({ code: 'custom', message: `must be the address of a server (${hint})` });
    }
  });

const headerValue = z
  .string('must be text or $NAME of an environment variable')
  .regex(/^[^\r\n\0]*$/, 'must be one line of text')
  .refine((value) => value !== hiddenHeaderValue, 'is what is shown in place of the value; type the value, or $NAME');

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be the name of an HTTP header');

const host = z.union(
  [
    hostUrl,
    z.strictObject({
      url: hostUrl,
      headers: z.record(headerName, headerValue, 'must be an object of HTTP headers').optional(),
      slots: wholeNumber(1, 1024).optional(),
    }),
  ],
  'must be the address of an Ollama server, or an object with url, headers and slots',
);

const config = z.strictObject(
  {
    max_concurrent_tasks: wholeNumber(1, 1024).optional().describe('most requests in flight'),
    timeout_seconds: seconds.optional().describe('longest time of one attempt'),
    default_model: modelName.optional().describe('for what no other rule sends elsewhere'),
    routing_preferences: routingPreferences.optional().describe('the model for a kind of work or task type'),
    retries: wholeNumber(0, 10).optional().describe('attempts after one that failed for a passing fault'),
    fallback: yesOrNo.optional().describe('whether another model may stand in for one that is missing or fails'),
    options: options.optional().describe('model options such as `temperature` or `num_ctx`'),
    on_truncate: z
      .enum(['fail', 'warn'], 'must be fail or warn')
      .optional()
      .describe('what becomes of a task whose prompt does not fit'),
    keep_alive: keepAliveSchema.optional().describe('how long models stay loaded: `5m`, `-1s` for ever, or seconds'),
    budget: budgetLimitsSchema.optional().describe('limits of a whole run'),
    backend: z
      .enum(['ollama', 'builtin', 'simulated'], 'must be ollama, builtin or simulated')
      .optional()
      .describe('what runs the models'),
    hosts: z
      .array(host, 'must be a list of hosts')
      .min(1, 'must name at least one host')
      .optional()
      .describe('its Ollama servers, in place of those of the environment'),
  },
  'must be an object',
);

const text = z.string('must be text');

const prompt = text.refine(
  (value) => !value.includes('\0') && value.isWellFormed(),
  'must be text without NUL and half characters',
);

/** What a user may say about an agent. */
export const agentInputSchema = z.strictObject(
  {
    name: agentName.describe('unique without regard to case'),
    description: text.default('').describe('what it is for'),
    models: models.describe('its models, the preferred one first'),
    system: prompt.optional().describe('the system prompt of all of its tasks'),
    config: config.default({}),
  },
  'must be an object',
);

const moment = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-01-31T12:00:00Z' });

/** An agent as it is stored and shown. */
export const agentSchema = z.strictObject(
  {
    id: z.string('must be text').min(1, 'must not be empty'),
    ...agentInputSchema.shape,
    created_at: moment,
    updated_at: moment,
  },
  'must be an object',
);

export type Agent = z.infer<typeof agentSchema>;
export type AgentInput = z.input<typeof agentInputSchema>;
export type AgentConfig = z.infer<typeof config>;
export type AgentHost = z.infer<typeof host>;
export type BudgetLimits = z.infer<typeof budgetLimitsSchema>;
