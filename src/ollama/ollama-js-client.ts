// The browser build is the same client; the other one reads a file when an image's base64 text happens to be a file's name.
import { Ollama } from 'ollama/browser';
import { ProblemError } from '../errors/problem.ts';
import type { CallOptions, HostAddress, OllamaClient } from './client.ts';
import type { Exchange, Transport } from './transport.ts';
import type {
  ChatChunk,
  EmbedResponse,
  GenerateChunk,
  ListedModel,
  LoadedModel,
  PullProgress,
  ShowResponse,
} from './wire.ts';

/**
 * An Ollama server through the `ollama` package. That package can neither stop a request that waits for its first byte
 * nor keep quiet about lines it does not understand; the transport under it does both.
 */
export function createOllamaClient(address: HostAddress, transport: Transport): OllamaClient {
  const exchange = (options: CallOptions, more: Partial<Exchange>): Exchange => ({ ...options, ...more, address });
  const survey = (options: CallOptions, model?: string) => exchange(options, { isSurvey: true, model });
  return {
    host: address.url,
    ...(address.slots !== undefined && { slots: address.slots }),
    version: (options) =>
      once(transport, survey(options), async (ollama) => {
        const { version } = (await ollama.version()) as Partial<{ version: unknown }>;
        return typeof version === 'string' ? version : throwNotOllama(address, 'version');
      }),
    list: (options) =>
      once(transport, survey(options), async (ollama) => {
        const { models } = (await ollama.list()) as unknown as { models: unknown };
        return Array.isArray(models) ? (models as ListedModel[]) : throwNotOllama(address, 'models');
      }),
    loaded: (options) =>
      once(transport, survey(options), async (ollama) => {
        const { models } = (await ollama.ps()) as unknown as { models: unknown };
        return Array.isArray(models) ? (models as LoadedModel[]) : throwNotOllama(address, 'models');
      }),
    show: (model, options) =>
      once(transport, survey(options, model), async (ollama) => {
        const { model_info = {}, ...shown } = (await ollama.show({ model })) as unknown as Partial<ShowResponse>;
        return { ...shown, model_info };
      }),
    generate: (request, options) =>
      stream<GenerateChunk>(transport, exchange(options, { model: request.model }), (ollama) =>
        ollama.generate({ ...request, stream: true } as never),
      ),
    chat: (request, options) =>
      stream<ChatChunk>(transport, exchange(options, { model: request.model }), (ollama) =>
        ollama.chat({ ...request, messages: request.messages.map((m) => ({ ...m })), stream: true } as never),
      ),
    embed: (request, options) =>
      once(transport, exchange(options, { model: request.model }), async (ollama) => {
        const response = (await ollama.embed(request)) as unknown as EmbedResponse;
        return Array.isArray(response.embeddings) ? response : throwNotOllama(address, 'embeddings');
      }),
    pull: (model, options) =>
      stream<PullProgress>(transport, exchange(options, { model }), (ollama) => ollama.pull({ model, stream: true })),
  };
}

async function once<T>(transport: Transport, exchange: Exchange, ask: (ollama: Ollama) => Promise<T>): Promise<T> {
  const open = transport.open(exchange);
  try {
    return await ask(createOllama(exchange.address, open.fetch));
  } catch (error) {
    throw open.toThrown(error);
  } finally {
    open.end();
  }
}

/** Leaving the loop early closes the connection, which is what stops the server's work. */
async function* stream<Chunk>(
  transport: Transport,
  exchange: Exchange,
  ask: (ollama: Ollama) => Promise<unknown>,
): AsyncGenerator<Chunk> {
  const open = transport.open(exchange);
  try {
    yield* (await ask(createOllama(exchange.address, open.fetch))) as AsyncIterable<Chunk>;
  } catch (error) {
    throw open.toThrown(error);
  } finally {
    open.end();
  }
}

/** One per call: the package keeps failed streams in a list for as long as its client lives. */
function createOllama({ url, headers }: HostAddress, fetch: typeof globalThis.fetch): Ollama {
  return new Ollama({ host: url, headers, fetch });
}

function throwNotOllama({ url: host }: HostAddress, missing: string): never {
  throw new ProblemError({
    code: 'host-not-ollama',
    message: `${host} answers without '${missing}': it is no Ollama server`,
    host,
  });
}
