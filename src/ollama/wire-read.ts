// In: JSON objects as a server sent them. Out: the shapes of `wire.ts`, or undefined for what no Ollama server says.
import {
  wireFigures,
  type Capability,
  type ChatChunk,
  type EmbedResponse,
  type GenerateChunk,
  type ListedModel,
  type LoadedModel,
  type ModelDetails,
  type PullProgress,
  type ShowResponse,
  type WireMessage,
  type WireMetrics,
  type WireToolCall,
} from './wire.ts';

type Fields = Record<string, unknown>;

/** The entries of `/api/tags`; those without a name are left out. */
export function readListedModels(value: unknown): ListedModel[] | undefined {
  return readModels(value)?.map(({ name, fields }) => ({
    ...(fields as unknown as ListedModel),
    name,
    size: readAmount(fields['size']) ?? 0,
    digest: readText(fields['digest']) ?? '',
    details: readDetails(fields['details']),
    capabilities: readCapabilities(fields['capabilities']),
  }));
}

/** The entries of `/api/ps`; those without a name are left out. */
export function readLoadedModels(value: unknown): LoadedModel[] | undefined {
  return readModels(value)?.map(({ name, fields }) => ({
    ...(fields as unknown as LoadedModel),
    name,
    context_length: readAmount(fields['context_length']) || undefined,
  }));
}

export function readShown(value: unknown): ShowResponse {
  const fields = isFields(value) ? value : {};
  const model_info = isFields(fields['model_info']) ? fields['model_info'] : {};
  return { ...fields, model_info, capabilities: readCapabilities(fields['capabilities']) };
}

export function readGenerateChunk(value: unknown): GenerateChunk | undefined {
  if (!isFields(value) || !isTextOrNothing(value['response']) || !isTextOrNothing(value['thinking'])) return undefined;
  const { response, thinking } = value;
  const texts = { response: response ?? '', thinking: thinking ?? undefined };
  return { ...(value as unknown as GenerateChunk), ...texts, ...readClosing(value) };
}

export function readChatChunk(value: unknown): ChatChunk | undefined {
  if (!isFields(value)) return undefined;
  const message = value['message'] ?? {};
  if (!isFields(message) || !isTextOrNothing(message['content']) || !isTextOrNothing(message['thinking']))
    return undefined;
  const tool_calls = readToolCalls(message['tool_calls']);
  if (!tool_calls) return undefined;
  const { content, thinking } = message;
  const said = {
    ...(message as unknown as WireMessage),
    content: content ?? '',
    thinking: thinking ?? undefined,
    tool_calls: tool_calls.length > 0 ? tool_calls : undefined,
  };
  return { ...(value as unknown as ChatChunk), message: said, ...readClosing(value) };
}

/** Vectors of numbers, all of one width: a model has but one. An empty one is left to whoever asked for it. */
export function readEmbedResponse(value: unknown): EmbedResponse | undefined {
  if (!isFields(value) || !Array.isArray(value['embeddings'])) return undefined;
  const embeddings: unknown[] = value['embeddings'];
  if (!embeddings.every(isVector)) return undefined;
  const widths = new Set(embeddings.map(({ length }) => length).filter((width) => width > 0));
  if (widths.size > 1) return undefined;
  return { ...readMetrics(value), model: readText(value['model']) ?? '', embeddings };
}

export function readPullProgress(value: unknown): PullProgress | undefined {
  const status = isFields(value) ? readText(value['status']) : undefined;
  if (!isFields(value) || status === undefined) return undefined;
  const { digest, total, completed } = value;
  return { status, digest: readText(digest), total: readAmount(total), completed: readAmount(completed) };
}

/** Null is how some servers write an empty list; undefined: there is no list. */
function readModels(value: unknown): { name: string; fields: Fields }[] | undefined {
  const models = isFields(value) ? value['models'] : undefined;
  if (models === null) return [];
  if (!Array.isArray(models)) return undefined;
  return models.filter(isFields).flatMap((fields) => {
    const name = readText(fields['name']) ?? readText(fields['model']);
    return name === undefined || name === '' ? [] : [{ name, fields }];
  });
}

function readDetails(value: unknown): ModelDetails {
  const details = isFields(value) ? value : {};
  return {
    ...(details as unknown as ModelDetails),
    context_length: readAmount(details['context_length']) || undefined,
  };
}

function readCapabilities(value: unknown): Capability[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((item): item is Capability => typeof item === 'string');
}

/** Undefined when they are no list, or cannot be written down again. */
function readToolCalls(value: unknown): WireToolCall[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((call) => isFields(call) && isFields(call['function']))) return undefined;
  return isEncodable(value) ? (value as WireToolCall[]) : undefined;
}

/** JSON is read however deep it goes, but not written. */
export function isEncodable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

/** Servers send the figures once, with their last line. */
function readClosing(fields: Fields): WireMetrics & { done: boolean } {
  return fields['done'] === true ? { ...readMetrics(fields), done: true } : { done: false };
}

function readMetrics(fields: Fields): WireMetrics {
  const metrics: WireMetrics = { done_reason: readText(fields['done_reason']) };
  for (const figure of wireFigures) metrics[figure] = readAmount(fields[figure]);
  return metrics;
}

/** A count, a size or a duration: no figure at all is better than one that cannot be. */
function readAmount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? Math.round(value) : undefined;
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isTextOrNothing(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}

function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isFinite(item));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
