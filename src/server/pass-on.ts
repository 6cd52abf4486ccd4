// In: a request that is Ollama's own. Out: what the Ollama server answers, piece by piece. Effects: the network.
import { Readable } from 'node:stream';
import { Agent, request as send, type Dispatcher } from 'undici';
import { ProblemError } from '../errors/problem.ts';
import type { HostAddress } from '../ollama/client.ts';
import { connectionProblem } from '../ollama/connection-problem.ts';
import { askedModel, isPrompt, namesModel } from './asked-model.ts';
import { toClientHeaders, toUpstreamHeaders } from './forward-headers.ts';
import { readBytes, tooLarge } from './read-body.ts';
import type { ServerSettings } from './server-settings.ts';
import { streamOf, type StreamHooks } from './stream-of.ts';
import type { Upstream } from './upstream.ts';

/** Passes requests on. */
export interface PassThrough {
  fetch: (request: Request, asker: Asker) => Promise<Response>;
  close: () => Promise<void>;
}

/** Who asks, and how to be rid of it when its answer breaks off. */
export interface Asker {
  client: string;
  hangUp?: (() => void) | undefined;
}

/** Longest wait for a connection. Once there is one, a model may take as long as it wants. */
const connectTimeoutMs = 5000;

/** What was read of a request before it is known where it goes. */
interface Passed {
  request: Request;
  url: URL;
  asker: Asker;
  /** All of it, where the model had to be found; it can then be sent again. */
  bytes?: Uint8Array | undefined;
  model?: string | undefined;
}

/** Hears how much was passed on. */
export type OnBytes = (direction: 'to_ollama' | 'to_client', bytes: number) => void;

export function createPassThrough(settings: ServerSettings, upstream: Upstream, onBytes: OnBytes): PassThrough {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectTimeoutMs } });
  return {
    fetch: async (request, asker) => {
      const passed = await read(request, asker, settings.limits.passedBytes);
      return tryEach(await upstream.choose(passed.model), passed, { agent, settings, upstream, onBytes });
    },
    close: () => agent.destroy(),
  };
}

async function read(request: Request, asker: Asker, maxBytes: number): Promise<Passed> {
  const url = new URL(request.url);
  if (!namesModel(url.pathname)) return { request, url, asker };
  const bytes = await readBytes(request, maxBytes);
  return { request, url, asker, bytes, model: askedModel(bytes) };
}

interface Means {
  agent: Agent;
  settings: ServerSettings;
  upstream: Upstream;
  onBytes: OnBytes;
}

/** A server that cannot be reached has got nothing of the request: the next one may have it. */
async function tryEach(addresses: readonly HostAddress[], passed: Passed, means: Means): Promise<Response> {
  let lost: ProblemError | undefined;
  for (const address of addresses) {
    try {
      return await passOn(address, passed, means);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'host-unreachable') throw error;
      lost ??= error;
      means.upstream.noteLost();
      if (passed.request.body && !passed.bytes) break;
    }
  }
  throw lost ?? new ProblemError({ code: 'host-unreachable', message: 'no Ollama server is named' });
}

async function passOn(address: HostAddress, passed: Passed, means: Means): Promise<Response> {
  const { request, url, asker, model } = passed;
  const { client, hangUp } = asker;
  const { signal } = request;
  const isWork = model !== undefined && isPrompt(url.pathname);
  const leave = isWork ? await means.upstream.enter({ url: address.url, model, client }, signal) : () => undefined;
  try {
    const answer = await exchange(address, passed, means);
    answer.body.once('close', leave);
    const onBytes = (bytes: number): void => means.onBytes('to_client', bytes);
    return toResponse(answer, request.method, { onBytes, hangUp });
  } catch (error) {
    leave();
    signal.throwIfAborted();
    throw toProblemError(error, address, passed);
  }
}

function exchange(
  address: HostAddress,
  passed: Passed,
  { agent, settings, onBytes }: Means,
): Promise<Dispatcher.ResponseData> {
  const { request, url, bytes } = passed;
  const { method, headers, signal } = request;
  if (bytes) onBytes('to_ollama', bytes.length);
  return send(`${address.url}${url.pathname}${url.search}`, {
    ...{ dispatcher: agent, method, signal },
    headers: toUpstreamHeaders(headers, address.headers, settings.token),
    body: bytes ?? bodyOf(request, settings.limits.passedBytes, onBytes),
  });
}

/** The body as it comes, up to the limit. */
function bodyOf(request: Request, maxBytes: number, onBytes: OnBytes): Readable | null {
  const { body } = request;
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return body && Readable.from(limited(body as AsyncIterable<Uint8Array>, maxBytes, onBytes), { objectMode: false });
}

async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  onBytes: OnBytes,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    onBytes('to_ollama', chunk.length);
    yield chunk;
  }
}

function toResponse(
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  method: string,
  hooks: StreamHooks,
): Response {
  const hasBody = method !== 'HEAD' && ![204, 205, 304].includes(status);
  if (!hasBody) body.resume();
  return new Response(hasBody ? streamOf(body, hooks) : null, { status, headers: toClientHeaders(headers) });
}

function toProblemError(
  error: unknown,
  { url, headers }: HostAddress,
  { url: { pathname }, model }: Passed,
): ProblemError {
  if (error instanceof ProblemError) return error;
  const asked = { host: url, path: pathname, model, secrets: Object.values(headers) };
  return new ProblemError(connectionProblem(error, asked, { hasBegun: false, isSurvey: false }));
}
