import { z } from 'zod';
import { parseGoDuration } from '../lib/go-duration.ts';
import { faultKinds } from './faults.ts';

// What a simulator file may say. Flags of `simulate` say the same in the same words; the JSON Schema is made from this.

const capabilities = ['completion', 'tools', 'insert', 'vision', 'embedding', 'thinking'] as const;

const capabilitiesRule = `must be of ${capabilities.join(', ')}`;

const sizeRule = "must be a size such as '4.7GB', or a number of bytes";
const sizePattern = /^(\d+(?:\.\d+)?) ?([KMGT]?)B$/i;
const size = z
  .union([z.string().regex(sizePattern, sizeRule), z.number().gt(0, sizeRule)], sizeRule)
  .transform((value) => (typeof value === 'number' ? value : toBytes(value)));

const timeRule = "must be a duration such as '5s' or '800ms', or a number of seconds";
const time = z
  .union(
    [z.string().refine((text) => (parseGoDuration(text) ?? -1) >= 0, timeRule), z.number().min(0, timeRule)],
    timeRule,
  )
  .transform((value) => (typeof value === 'number' ? value * 1e3 : (parseGoDuration(value) ?? 0) / 1e6));

const keepAliveRule = "must be a duration such as '5m', or '-1s' for ever";
const keepAlive = z
  .union([z.string().refine((text) => parseGoDuration(text) !== undefined, keepAliveRule), z.number()], keepAliveRule)
  .transform((value) => {
    const ms = typeof value === 'number' ? value * 1e3 : (parseGoDuration(value) ?? 0) / 1e6;
    return ms < 0 ? Infinity : ms;
  });

const count = (least: number) => {
  const rule = `must be a whole number of at least ${least}`;
  return z.int(rule).min(least, rule);
};

const above = (least: number) => {
  const rule = `must be a number above ${least}`;
  return z.number(rule).gt(least, rule);
};

const name = z.string('must be the name of a model').regex(/^\S+$/, 'must be the name of a model');

/** A model of a simulator file. */
export const modelSchema = z.strictObject(
  {
    name: name.describe('as in `ollama list`; what is left out is guessed from it'),
    size: size.optional().describe('memory of the weights: `4.7GB`'),
    load: time.optional().describe('time of a load: `5s`'),
    tokens_per_second: above(0).optional().describe('how fast it writes'),
    prompt_tokens_per_second: above(0).optional().describe('how fast it reads'),
    context: count(1).optional().describe('longest context it was trained for, in tokens'),
    capabilities: z
      .array(z.enum(capabilities, capabilitiesRule), capabilitiesRule)
      .min(1, 'must name at least one capability')
      .optional()
      .describe(`what it can do: ${capabilities.join(', ')}`),
    slots: count(1).optional().describe('requests it answers at a time, in place of `parallel`'),
    answer_tokens: count(1).optional().describe('length of each of its answers in prose'),
  },
  'must be an object with the name of a model',
);

/** A fault of a simulator file. */
export const faultSchema = z.strictObject(
  {
    kind: z
      .union([z.enum(faultKinds), z.literal(503)], `must be one of ${faultKinds.join(', ')}`)
      .transform((kind) => (kind === 503 ? '503' : kind))
      .describe(`one of ${faultKinds.map((kind) => `\`${kind}\``).join(', ')}`),
    model: name.optional().describe('the model it is about; default: all'),
    probability: z
      .number('must be a number from 0 to 1')
      .min(0, 'must be a number from 0 to 1')
      .max(1, 'must be a number from 0 to 1')
      .optional()
      .describe('how likely it is each time; default 1'),
    at: count(1).optional().describe('from which load or prompt on, counted from 1'),
    count: count(1).optional().describe('how many times at most'),
    after: count(0).optional().describe('tokens after which an answer breaks off; default 3'),
    factor: above(0).optional().describe('how many times slower a `slow` answer is; default 10'),
  },
  'must be an object with the kind of a fault',
);

/** A simulated server. */
export const simulatorSchema = z.strictObject(
  {
    models: z.array(modelSchema, 'must be a list of models').optional().describe('the models it has'),
    memory: size.optional().describe('memory for models; default `8GB`'),
    max_loaded: count(1).optional().describe('models in memory at once, if they fit; default 3'),
    parallel: count(1).max(1024).optional().describe('requests that a model answers at a time; default 1'),
    max_queue: count(0).optional().describe('requests that may wait for a load; default 512'),
    keep_alive: keepAlive.optional().describe('how long an idle model stays; default `5m`'),
    prepare: time.optional().describe('work of a core for each request before it is queued; default `40ms`'),
    cores: count(1).optional().describe('cores that requests and loads share; default 4'),
    context: count(4).optional().describe('context of requests that ask for none; default 4096'),
    server_version: z
      .string('must be a version such as 0.24.0, in quotes')
      .regex(/^\d+\.\d+\.\d+/, 'must be a version such as 0.24.0')
      .optional()
      .describe('the version of Ollama that it behaves as; default 0.30.0'),
    time_scale: above(0).optional().describe('`0.001`: what takes a second takes a millisecond'),
    seed: z.int('must be a whole number').optional().describe('decides what is left to chance'),
    faults: z.array(faultSchema, 'must be a list of faults').optional().describe('what goes wrong'),
  },
  'must be an object with models, memory and the like',
);

/** What a simulator file says, understood. */
export type SimulatorSettings = z.output<typeof simulatorSchema>;

function toBytes(text: string): number {
  const [, amount, unit = ''] = sizePattern.exec(text) ?? [];
  return Number(amount) * 1000 ** ' KMGT'.indexOf(unit.toUpperCase() || ' ');
}
