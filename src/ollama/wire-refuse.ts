import { parseGoDuration } from '../lib/go-duration.ts';
import type { Capability } from './wire.ts';
import { errorReply, type WireReply } from './wire-encode.ts';

/** Endpoints with a JSON body, and the name the server's decoder has for it. */
const bodyNames = {
  '/api/generate': 'GenerateRequest',
  '/api/chat': 'ChatRequest',
  '/api/embed': 'EmbedRequest',
  '/api/embeddings': 'EmbeddingRequest',
  '/api/show': 'ShowRequest',
  '/api/pull': 'PullRequest',
  '/api/copy': 'CopyRequest',
  '/api/delete': 'DeleteRequest',
} as const;

export type BodyEndpoint = keyof typeof bodyNames;

/** A body whose fields have the types the server wants; fields nobody knows are kept. */
export interface WireRequest extends Record<string, unknown> {
  model?: string;
  prompt?: string;
  system?: string;
  raw?: boolean;
  stream?: boolean;
  messages?: { role: string; content?: string; images?: string[] }[];
  images?: string[];
  options?: Record<string, unknown>;
  keep_alive?: string | number;
  truncate?: boolean;
  dimensions?: number;
}

export const isBodyEndpoint = (path: string): path is BodyEndpoint => Object.hasOwn(bodyNames, path);

/** The body of a request, or the 400 that the server answers before it looks for the model. */
export function parseWireRequest(path: BodyEndpoint, body: string): { request: WireRequest } | { refusal: WireReply } {
  if (body.trim() === '') return { refusal: errorReply(400, 'missing request body') };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return { refusal: errorReply(400, syntaxErrorText(error, body)) };
  }
  const wrong = typeErrorText(path, value) ?? fieldErrorText(value as WireRequest);
  return wrong === undefined ? { request: value as WireRequest } : { refusal: errorReply(400, wrong) };
}

/** How the server refuses a name: absent, malformed or not installed. */
export function refuseModelName(path: BodyEndpoint, model: string | undefined): WireReply | undefined {
  if (!model) {
    const says404 = path === '/api/generate' || path === '/api/embed';
    return says404 ? errorReply(404, "model '' not found") : errorReply(400, 'model is required');
  }
  const isWellFormed = /^(?:[\w.:-]+\/)*[\w.-]+(?::[\w.-]+)?$/.test(model);
  return isWellFormed ? undefined : errorReply(400, 'invalid model name');
}

/** Each endpoint has its own words for a model that is not installed. */
export function modelNotFoundReply(path: BodyEndpoint, model: string): WireReply {
  const isEmbedding = path === '/api/embed' || path === '/api/embeddings';
  return errorReply(
    404,
    isEmbedding ? `model "${model}" not found, try pulling it first` : `model '${model}' not found`,
  );
}

/** What a model cannot do, or contradicting fields. Capabilities unknown: nothing is refused for them. */
export function refuseByCapability(
  path: BodyEndpoint,
  request: WireRequest,
  capabilities: readonly Capability[] | undefined,
): WireReply | undefined {
  const model = request.model ?? '';
  const can = (wanted: Capability) => capabilities?.includes(wanted) ?? true;
  const fullName = `registry.ollama.ai/library/${model.includes(':') ? model : `${model}:latest`}`;
  if (path !== '/api/generate' && path !== '/api/chat') return undefined;
  if (request.raw && (request.system || request['template'] || request['context']))
    return errorReply(400, 'raw mode does not support template, system, or context');
  if (request['suffix'] && !can('insert')) return errorReply(400, `${fullName} does not support insert`);
  if (Array.isArray(request['tools']) && request['tools'].length > 0 && !can('tools'))
    return errorReply(400, `${fullName} does not support tools`);
  if (!can('completion')) return errorReply(400, `"${model}" does not support ${path.slice('/api/'.length)}`);
  if (request['think'] && !can('thinking')) return errorReply(400, `"${model}" does not support thinking`);
  return undefined;
}

const optionTypes: Record<string, 'integer' | 'float32' | 'boolean'> = {
  ...Object.fromEntries(
    ['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'num_thread', 'num_keep', 'seed', 'num_predict', 'top_k']
      .concat('repeat_last_n')
      .map((name) => [name, 'integer'] as const),
  ),
  ...Object.fromEntries(
    ['top_p', 'min_p', 'typical_p', 'temperature', 'repeat_penalty', 'presence_penalty', 'frequency_penalty'].map(
      (name) => [name, 'float32'] as const,
    ),
  ),
  use_mmap: 'boolean',
};

/** A wrong type is a 500 there, not a 400; unknown options are nobody's business. */
export function refuseOptions(options: Record<string, unknown> = {}): WireReply | undefined {
  for (const [name, value] of Object.entries(options)) {
    if (value === null) continue;
    if (name === 'stop') {
      if (!Array.isArray(value)) return errorReply(500, 'option "stop" must be of type array');
      if (!value.every((item) => typeof item === 'string'))
        return errorReply(500, 'option "stop" must be of an array of strings');
    }
    const wanted = optionTypes[name];
    if (wanted && typeof value !== (wanted === 'boolean' ? 'boolean' : 'number'))
      return errorReply(500, `option "${name}" must be of type ${wanted}`);
  }
  return undefined;
}

/** Found only once the model is loaded. */
export function formatErrorText(format: unknown): string | undefined {
  if (format === undefined || format === null || format === '' || format === 'json') return undefined;
  if (typeof format === 'object' && !Array.isArray(format)) return undefined;
  const text = JSON.stringify(JSON.stringify(format));
  return `invalid format: ${text}; expected "json" or a valid JSON Schema object`;
}

const strings = ['model', 'name', 'prompt', 'system', 'template', 'suffix'];
const booleans = ['stream', 'raw', 'truncate', 'shift', 'logprobs', 'insecure'];
const lists: Record<string, string> = { images: '[]api.ImageData', messages: '[]api.Message', context: '[]int' };

function typeErrorText(path: BodyEndpoint, value: unknown): string | undefined {
  const goName = bodyNames[path];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `json: cannot unmarshal ${jsonKind(value)} into Go value of type api.${goName}`;
  for (const [key, field] of Object.entries(value)) {
    if (field === null) continue;
    const wrong = (type: string) =>
      `json: cannot unmarshal ${jsonKind(field)} into Go struct field ${goName}.${key} of type ${type}`;
    if (strings.includes(key) && typeof field !== 'string') return wrong('string');
    if (booleans.includes(key) && typeof field !== 'boolean') return wrong('bool');
    if (key in lists && !Array.isArray(field)) return wrong(lists[key] ?? '');
    if (key === 'options' && (typeof field !== 'object' || Array.isArray(field)))
      return wrong('map[string]interface {}');
    if (key === 'dimensions' && typeof field !== 'number') return wrong('int');
  }
  return undefined;
}

function fieldErrorText(request: WireRequest): string | undefined {
  return (
    keepAliveErrorText(request.keep_alive) ??
    thinkErrorText(request['think']) ??
    imagesErrorText(request.images) ??
    imagesErrorText(request.messages?.flatMap((message) => message.images ?? [])) ??
    inputErrorText(request['input']) ??
    topLogprobsErrorText(request['top_logprobs'])
  );
}

function keepAliveErrorText(value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === 'number') return undefined;
  if (typeof value !== 'string') return `Unsupported type: '${typeof value === 'boolean' ? 'bool' : jsonKind(value)}'`;
  if (parseGoDuration(value) !== undefined) return undefined;
  return `time: ${/^[+-]?[\d.]+$/.test(value) ? 'missing unit in' : 'invalid'} duration ${JSON.stringify(value)}`;
}

function thinkErrorText(value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'string' && ['high', 'medium', 'low', 'max'].includes(value)) return undefined;
  if (typeof value !== 'string')
    return 'think must be a boolean or string ("high", "medium", "low", "max", true, or false)';
  return `invalid think value: ${JSON.stringify(value)} (must be "high", "medium", "low", "max", true, or false)`;
}

function imagesErrorText(images: readonly unknown[] | undefined): string | undefined {
  for (const image of images ?? []) {
    if (typeof image !== 'string') return `json: cannot unmarshal ${jsonKind(image)} into Go value of type []uint8`;
    const bad = /[^A-Za-z0-9+/=\r\n]/.exec(image);
    if (bad) return `illegal base64 data at input byte ${bad.index}`;
  }
  return undefined;
}

function inputErrorText(input: unknown): string | undefined {
  if (input === undefined || input === null || typeof input === 'string') return undefined;
  const isTexts = Array.isArray(input) && input.every((item) => typeof item === 'string');
  return isTexts ? undefined : 'invalid input type';
}

function topLogprobsErrorText(value: unknown): string | undefined {
  const isFine = value === undefined || (typeof value === 'number' && value >= 0 && value <= 20);
  return isFine ? undefined : 'top_logprobs must be between 0 and 20';
}

/** Go has a text for each state of its scanner; two of them say enough. */
function syntaxErrorText(error: unknown, body: string): string {
  const { message } = error as SyntaxError;
  const at = /at position (\d+)/.exec(message)?.[1];
  const bad = /token '(.)'/u.exec(message)?.[1] ?? (at === undefined ? undefined : body[Number(at)]);
  return bad === undefined ? 'unexpected EOF' : `invalid character '${bad}' looking for beginning of value`;
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
