import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toProblem } from '../../src/errors/problem.ts';
import type { OllamaClient } from '../../src/ollama/client.ts';
import { createOllamaClient } from '../../src/ollama/ollama-js-client.ts';
import { createTransport } from '../../src/ollama/transport.ts';
import type { ChatRequest, EmbedRequest, GenerateRequest } from '../../src/ollama/wire.ts';

/** One exchange with a real server. */
export interface Recording {
  name: string;
  request: { method: string; path: string; headers?: Record<string, string>; body?: unknown };
  response: { status: number; headers: Record<string, string>; chunks: { text: string }[] };
}

const folder = new URL('../shared/data/ollama-transcripts/', `file://${process.cwd()}/`);

/** All recordings by name; undefined where the machine has none. */
export function loadRecordings(): Map<string, Recording> | undefined {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    return undefined;
  }
  const recordings = files
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recording);
  return new Map(recordings.map((recording) => [recording.name, recording]));
}

/** What our client makes of a recording. */
export interface Outcome {
  text?: string;
  thinking?: string;
  tool?: string;
  done_reason?: string | undefined;
  /** A survey's answer, in short. */
  value?: unknown;
  problem?: string;
  dropped?: number;
}

/** The client's way to ask for what was recorded, whatever its path. */
export type Asking = 'generate' | 'chat' | 'embed' | 'show' | 'list' | 'loaded' | 'version' | 'pull';

/** How the client asks for what was recorded; undefined for what it never asks. */
export function askingFor({ request: { path } }: Recording): Asking | undefined {
  const askings: Record<string, Asking> = {
    '/api/generate': 'generate',
    '/api/chat': 'chat',
    '/api/embed': 'embed',
    '/api/show': 'show',
    '/api/tags': 'list',
    '/api/ps': 'loaded',
    '/api/version': 'version',
    '/api/nope': 'version',
    '/api/pull': 'pull',
  };
  return askings[path];
}

/** Plays the answer of a recording, chunk by chunk, to our client. */
export async function replay(recording: Recording, asking: Asking): Promise<Outcome> {
  const { status, headers, chunks } = recording.response;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const type = headers['content-type'];
      response.writeHead(status, type === undefined ? {} : { 'content-type': type });
      void (async () => {
        for (const { text } of chunks) {
          response.write(text);
          await nextTurn();
        }
        response.end();
      })();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clock = { now: () => performance.now(), after: () => () => undefined };
  const transport = createTransport({ clock });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await ask(createOllamaClient({ url, headers: {} }, transport), asking, recording.request.body);
  } finally {
    await transport.close();
    server.close();
  }
}

async function ask(client: OllamaClient, asking: Asking, body: unknown): Promise<Outcome> {
  let dropped = 0;
  const options = { signal: new AbortController().signal, onDroppedLine: () => (dropped += 1) };
  try {
    const outcome = await answers[asking](client, body, options);
    return { ...outcome, ...(dropped > 0 && { dropped }) };
  } catch (error) {
    return { problem: toProblem(error).code };
  }
}

type Options = Parameters<OllamaClient['version']>[0];

const answers: Record<Asking, (client: OllamaClient, body: unknown, options: Options) => Promise<Outcome>> = {
  generate: (client, body, options) => {
    const pieces = client.generate(objectOf(body) as unknown as GenerateRequest, options);
    return gather(pieces, ({ response, thinking }) => ({ text: response, thinking }));
  },
  chat: (client, body, options) => {
    const request = { messages: [], ...objectOf(body) } as unknown as ChatRequest;
    return gather(client.chat(request, options), ({ message: { content, thinking, tool_calls } }) => ({
      text: content,
      thinking,
      tool: tool_calls?.map(({ function: { name, arguments: args } }) => `${name}(${JSON.stringify(args)})`).join(),
    }));
  },
  embed: async (client, body, options) => {
    const { embeddings } = await client.embed(objectOf(body) as unknown as EmbedRequest, options);
    return { value: embeddings.map((vector) => vector.length) };
  },
  show: async (client, _, options) => ({ value: (await client.show('x', options)).capabilities }),
  list: async (client, _, options) => ({ value: (await client.list(options)).map(({ name }) => name) }),
  loaded: async (client, _, options) => ({
    value: (await client.loaded(options)).map(({ name, context_length }) => [name, context_length]),
  }),
  version: async (client, _, options) => ({ value: await client.version(options) }),
  pull: (client, _, options) => gather(client.pull('x', options), ({ status }) => ({ text: status })),
};

interface Piece {
  text: string;
  thinking?: string | undefined;
  tool?: string | undefined;
}

async function gather<C extends object>(chunks: AsyncIterable<C>, toPiece: (chunk: C) => Piece): Promise<Outcome> {
  const whole = { text: '', thinking: '', tool: '' };
  let done_reason: string | undefined;
  for await (const chunk of chunks) {
    const { text, thinking = '', tool = '' } = toPiece(chunk);
    whole.text += text;
    whole.thinking += thinking;
    whole.tool += tool;
    if ('done_reason' in chunk) done_reason = chunk.done_reason as string;
  }
  const { text, thinking, tool } = whole;
  return { text, ...(thinking && { thinking }), ...(tool && { tool }), done_reason };
}

function objectOf(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {};
}
