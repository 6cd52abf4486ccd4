import { ProblemError, toProblem } from '../errors/problem.ts';
import type { OllamaClient } from './client.ts';
import type { Fleet, FleetHost, FleetModel } from './fleet.ts';
import { normalizeModelName } from './model-name.ts';
import { ShownModels } from './shown-models.ts';
import type { ListedModel, LoadedModel, ShowResponse } from './wire.ts';

export interface SurveyRequest {
  clients: readonly OllamaClient[];
  /** Models to look at closely, as the user spelled them. */
  wanted: readonly string[];
  signal: AbortSignal;
  /** What was learned in earlier surveys; what is learned now is added. */
  known?: ShownModels | undefined;
}

/**
 * Servers in, what is there out: all at once, one failing host hides no other. Rejects only when aborted. What a server
 * is too old to tell stays absent.
 */
export async function surveyFleet({
  clients,
  wanted,
  signal,
  known = new ShownModels(),
}: SurveyRequest): Promise<Fleet> {
  const names = new Set(wanted.map(normalizeModelName));
  const hosts = await Promise.all(clients.map((client) => surveyHost(client, names, { signal, known })));
  return { hosts };
}

interface Survey {
  signal: AbortSignal;
  known: ShownModels;
}

async function surveyHost(client: OllamaClient, wanted: ReadonlySet<string>, survey: Survey): Promise<FleetHost> {
  const { signal } = survey;
  const host = { url: client.host, ...(client.slots !== undefined && { slots: client.slots }) };
  const closer = createCloser(client, wanted, survey);
  try {
    const [version, listed, loaded] = await Promise.all([
      ifTold(client.version({ signal }), signal),
      client.list({ signal }),
      ifTold(client.loaded({ signal }), signal),
    ]);
    const models = await Promise.all(
      listed.map(async (model) => toFleetModel(model, await closer.look(model, version), loaded ?? [])),
    );
    return { ...host, ...(version !== undefined && { version }), models };
  } catch (error) {
    signal.throwIfAborted();
    return { ...host, problem: toProblem(error), models: [] };
  } finally {
    closer.end();
  }
}

/** Looks closely at the wanted models of a server: it starts before the list is there, for a run waits for both. */
function createCloser(
  client: OllamaClient,
  wanted: ReadonlySet<string>,
  { signal, known }: Survey,
): { look: (model: ListedModel, version: string | undefined) => Promise<ShowResponse | undefined>; end: () => void } {
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const show = (name: string): Promise<ShowResponse | undefined> =>
    ifTold(client.show(name, { signal: either }), either).catch((error: unknown) => {
      if (either.aborted) return undefined;
      throw error;
    });
  const isNew = (name: string): boolean => !known.has(client.host, name);
  const asked = new Map([...wanted].filter(isNew).map((name) => [name, show(name)]));
  return {
    look: async (model, version) => {
      const name = normalizeModelName(model.name);
      if (!wanted.has(name) || tellsAll(model)) return undefined;
      const state = { host: client.host, name, digest: model.digest, version };
      const before = known.get(state);
      if (before) return before;
      const shown = await (asked.get(name) ?? show(name));
      if (shown) known.set(state, shown);
      return shown;
    },
    end: () => ended.abort(),
  };
}

/** Servers since 0.30 say in their list what older ones say of each model when asked. */
function tellsAll({ capabilities, details }: ListedModel): boolean {
  return capabilities !== undefined && details.context_length !== undefined;
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
