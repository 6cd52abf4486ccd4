// The browser build is the same client; the other one reads a file when an image's base64 text happens to be a file's name.
import { Ollama } from 'ollama/browser';
import { ProblemError } from '../errors/problem.ts';
import { incompleteAnswer } from './answer.ts';
import type { CallOptions, HostAddress, OllamaClient } from './client.ts';
import type { Exchange, Transport } from './transport.ts';
import {
  readChatChunk,
  readEmbedResponse,
  readGenerateChunk,
  readListedModels,
  readLoadedModels,
  readPullProgress,
  readShown,
} from './wire-read.ts';

/**
 * An Ollama server through the `ollama` package. That package can neither stop a request that waits for its first byte
 * nor keep quiet about lines it does not understand; the transport under it does both.
 */
export function createOllamaClient(address: HostAddress, transport: Transport): OllamaClient {
  const exchange = (options: CallOptions, more: Partial<Exchange>): Exchange => ({ ...options, ...more, address });
  const survey = (options: CallOptions, model?: string) => exchange(options, { isSurvey: true, model });
  const read = <T>(value: T | undefined, missing: string): T => value ?? throwNotOllama(address, missing);
  return {
    host: address.url,
    ...(address.slots !== undefined && { slots: address.slots }),
    version: (options) =>
      once(transport, survey(options), async (ollama) => {
        const { version } = (await ollama.version()) as Partial<{ version: unknown }>;
        return read(typeof version === 'string' ? version : undefined, 'version');
      }),
    list: (options) =>
      once(transport, survey(options), async (ollama) => read(readListedModels(await ollama.list()), 'models')),
    loaded: (options) =>
      once(transport, survey(options), async (ollama) => read(readLoadedModels(await ollama.ps()), 'models')),
    show: (model, options) =>
      once(transport, survey(options, model), async (ollama) => readShown(await ollama.show({ model }))),
    generate: (request, options) =>
      stream(
        transport,
        exchange(options, { model: request.model }),
        (ollama) => ollama.generate({ ...request, stream: true } as never),
        { toChunk: (value) => read(readGenerateChunk(value), 'response'), isLast: ({ done }) => done },
      ),
    chat: (request, options) =>
      stream(
        transport,
        exchange(options, { model: request.model }),
        (ollama) =>
          ollama.chat({ ...request, messages: request.messages.map((m) => ({ ...m })), stream: true } as never),
        { toChunk: (value) => read(readChatChunk(value), 'message'), isLast: ({ done }) => done },
      ),
    embed: (request, options) =>
      once(transport, exchange(options, { model: request.model }), async (ollama) =>
        read(readEmbedResponse(await ollama.embed(request)), 'embeddings'),
      ),
    pull: (model, options) =>
      stream(transport, exchange(options, { model }), (ollama) => ollama.pull({ model, stream: true }), {
        toChunk: (value) => read(readPullProgress(value), 'status'),
        isLast: ({ status }) => status === 'success',
      }),
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

interface Reading<Chunk> {
  /** The line in its promised shape; throws when it has none. */
  toChunk: (value: unknown) => Chunk;
  isLast: (chunk: Chunk) => boolean;
}

/** Leaving the loop early closes the connection, which is what stops the server's work. */
async function* stream<Chunk>(
  transport: Transport,
  exchange: Exchange,
  ask: (ollama: Ollama) => Promise<unknown>,
  { toChunk, isLast }: Reading<Chunk>,
): AsyncGenerator<Chunk> {
  const open = transport.open(exchange);
  try {
    for await (const value of (await ask(createOllama(exchange.address, open.fetch))) as AsyncIterable<unknown>) {
      const chunk = toChunk(value);
      yield chunk;
      if (isLast(chunk)) return;
    }
    // The package takes more for a closing line than is one: `"done": "false"`, a `status` in an answer.
    throw new ProblemError(incompleteAnswer(exchange.address.url));
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

function throwNotOllama({ url: host }: HostAddress, wanted: string): never {
  throw new ProblemError({
    code: 'host-not-ollama',
    message: `${host} answers without '${wanted}', or with a strange one: it is no Ollama server`,
    host,
  });
}
