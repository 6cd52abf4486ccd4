import { ProblemError, toProblem } from '../errors/problem.ts';
import type { OllamaClient } from './client.ts';
import type { Fleet, FleetHost, FleetModel } from './fleet.ts';
import { normalizeModelName } from './model-name.ts';
import type { ListedModel, LoadedModel, ShowResponse } from './wire.ts';

export interface SurveyRequest {
  clients: readonly OllamaClient[];
  /** Models to look at closely, as the user spelled them. */
  wanted: readonly string[];
  signal: AbortSignal;
}

/**
 * Servers in, what is there out: all at once, one failing host hides no other. Rejects only when aborted. What a server
 * is too old to tell stays absent.
 */
export async function surveyFleet({ clients, wanted, signal }: SurveyRequest): Promise<Fleet> {
  const names = new Set(wanted.map(normalizeModelName));
  const hosts = await Promise.all(clients.map((client) => surveyHost(client, names, signal)));
  return { hosts };
}

async function surveyHost(client: OllamaClient, wanted: ReadonlySet<string>, signal: AbortSignal): Promise<FleetHost> {
  const host = { url: client.host, ...(client.slots !== undefined && { slots: client.slots }) };
  try {
    const [version, listed, loaded] = await Promise.all([
      ifTold(client.version({ signal }), signal),
      client.list({ signal }),
      ifTold(client.loaded({ signal }), signal),
    ]);
    const models = await Promise.all(
      listed.map(async (model) => {
        const isWanted = wanted.has(normalizeModelName(model.name));
        const shown = isWanted ? await ifTold(client.show(model.name, { signal }), signal) : undefined;
        return toFleetModel(model, shown, loaded ?? []);
      }),
    );
    return { ...host, ...(version !== undefined && { version }), models };
  } catch (error) {
    signal.throwIfAborted();
    return { ...host, problem: toProblem(error), models: [] };
  }
}

/** Undefined when the server does not tell: too old for it, or not able to. Its list of models decides whether it is up. */
async function ifTold<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

function toFleetModel(
  listed: ListedModel,
  shown: ShowResponse | undefined,
  loaded: readonly LoadedModel[],
): FleetModel {
  const name = normalizeModelName(listed.name);
  const capabilities = shown?.capabilities ?? listed.capabilities;
  const contextLength = trainedContext(shown) ?? listed.details.context_length;
  const running = loaded.find((other) => normalizeModelName(other.name) === name);
  return {
    name,
    digest: listed.digest,
    size_bytes: listed.size,
    ...(capabilities && { capabilities }),
    ...(contextLength !== undefined && { context_length: contextLength }),
    ...(running && {
      loaded: running.context_length === undefined ? {} : { context_length: running.context_length },
    }),
  };
}

function trainedContext(shown: ShowResponse | undefined): number | undefined {
  const architecture = shown?.model_info['general.architecture'];
  const length = typeof architecture === 'string' ? shown?.model_info[`${architecture}.context_length`] : undefined;
  return typeof length === 'number' ? length : undefined;
}
