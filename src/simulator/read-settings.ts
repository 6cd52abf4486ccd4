import { parse, YAMLError } from 'yaml';
import { ProblemError, throwProblems } from '../errors/problem.ts';
import { toProblems } from '../errors/to-problems.ts';
import type { Host } from '../host/host.ts';
import { readTextFile } from '../host/read-text.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';
import type { ModelSketch } from './guess-model.ts';
import type { ServerSettings } from './server-settings.ts';
import { simulatorSchema, type SimulatorSettings } from './simulator-schema.ts';
import type { SimulationOptions } from './simulation.ts';

/** A simulator file, YAML or JSON, as it is written. */
export async function loadSimulatorFile(path: string, host: Pick<Host, 'files'>): Promise<Record<string, unknown>> {
  const text = await readTextFile(path, host);
  try {
    return toSettingsObject(parse(text), path);
  } catch (error) {
    if (!(error instanceof YAMLError)) throw error;
    const { line, col: column } = error.linePos?.[0] ?? { line: 1, col: 1 };
    const message = `${path} is no YAML: ${error.message.split('\n')[0] ?? ''}`;
    throw new ProblemError({ code: 'usage-invalid', message, location: { file: path, line, column } });
  }
}

function toSettingsObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ProblemError({
    code: 'usage-invalid',
    message: `${path} must be an object with models, memory and the like`,
  });
}

/** `name,size=4GB,load=5s,capabilities=completion+tools` as an entry of `models`. */
export function readModelText(text: string): Record<string, unknown> {
  const [name = '', ...pairs] = text.split(',').map((part) => part.trim());
  return { ...(name !== '' && { name }), ...readPairs(pairs) };
}

/** `kind=503,model=llama3.2,at=3` as an entry of `faults`; the kind may stand alone. */
export function readFaultText(text: string): Record<string, unknown> {
  const [first = '', ...rest] = text.split(',').map((part) => part.trim());
  return readPairs([first.includes('=') ? first : `kind=${first}`, ...rest]);
}

function readPairs(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      const [key, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [key.replaceAll('-', '_'), toValue(key, value)];
    }),
  );
}

function toValue(key: string, text: string): unknown {
  if (key === 'capabilities') return text.split('+');
  const isText = key === 'kind' || key === 'model';
  return !isText && /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** What is to be simulated, all of it checked at once. */
export function readSimulation(value: Record<string, unknown>, source?: string): SimulationOptions {
  const read = simulatorSchema.safeParse(value, { reportInput: true });
  if (read.success) return toOptions(read.data);
  throwProblems(toProblems(simulatorSchema, read.error, { source, code: 'usage-invalid' }));
  throw read.error;
}

function toOptions(file: SimulatorSettings): SimulationOptions {
  const { models, server_version: version, time_scale: timeScale, seed, faults } = file;
  return { models: models?.map(toSketch), settings: toServerSettings(file), version, timeScale, seed, faults };
}

function toSketch(model: NonNullable<SimulatorSettings['models']>[number]): ModelSketch {
  return withoutUnset({
    name: model.name,
    sizeBytes: model.size,
    loadMs: model.load,
    tokensPerSecond: model.tokens_per_second,
    promptTokensPerSecond: model.prompt_tokens_per_second,
    contextLength: model.context,
    capabilities: model.capabilities,
    slots: model.slots,
    answerTokens: model.answer_tokens,
  });
}

function toServerSettings(file: SimulatorSettings): Partial<ServerSettings> {
  return withoutUnset({
    memoryBytes: file.memory,
    maxLoaded: file.max_loaded,
    parallel: file.parallel,
    maxQueue: file.max_queue,
    keepAliveMs: file.keep_alive,
    numCtx: file.context,
    prepareMs: file.prepare,
    cores: file.cores,
  });
}

type Unset<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Keys without a value would hide a default. */
function withoutUnset<T extends object>(value: T): Unset<T> {
  return withoutUndefined(value) as Unset<T>;
}
