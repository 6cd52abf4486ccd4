import { Agent, request, type Dispatcher } from 'undici';
import { ProblemError, type Problem } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';
import { cleanText, secretsOf } from './clean-text.ts';
import type { CallOptions, HostAddress } from './client.ts';
import { connectionProblem } from './connection-problem.ts';
import { readChunks, watchSilence } from './read-body.ts';
import { readLines } from './read-lines.ts';
import { responseProblem, lineProblem, type Asked } from './response-problem.ts';

export interface TransportOptions {
  clock: Clock;
  connectTimeoutMs?: number;
  /** Longest silence between two pieces of an answer, once it has begun; 0: no limit. */
  gapTimeoutMs?: number;
  /** Longest wait for the answer to a question that needs no model. */
  surveyTimeoutMs?: number;
  maxLineBytes?: number;
}

/** The connections of a program to its servers. */
export interface Transport {
  open(exchange: Exchange): OpenExchange;
  /** Closes all connections, so that the process can end. */
  close(): Promise<void>;
}

/** One request to come. */
export interface Exchange extends CallOptions {
  address: HostAddress;
  model?: string | undefined;
  /** No model is needed to answer: silence means that nobody is there. */
  isSurvey?: boolean;
}

export interface OpenExchange {
  /** For the `ollama` package: it takes and gives no more of `fetch` than that package uses. */
  fetch: typeof fetch;
  /** What was thrown, as the caller should see it. */
  toThrown: (error: unknown) => unknown;
  /** Frees the connection: for the next request after a whole answer, else by closing it, which stops the server's work. */
  end: () => void;
}

/** Node's own fetch gives up after 300 s without a header or a chunk; models may need longer. Here only we have deadlines. */
export function createTransport(options: TransportOptions): Transport {
  const {
    connectTimeoutMs = 5000,
    gapTimeoutMs = 120_000,
    surveyTimeoutMs = 30_000,
    maxLineBytes = 64 << 20,
  } = options;
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectTimeoutMs } });
  const limits = { clock: options.clock, gapTimeoutMs, surveyTimeoutMs, maxLineBytes };
  return {
    open: (exchange) => openExchange(agent, limits, exchange),
    close: () => agent.destroy(),
  };
}

type Limits = Required<Omit<TransportOptions, 'connectTimeoutMs'>>;

function openExchange(agent: Agent, limits: Limits, exchange: Exchange): OpenExchange {
  const { address, signal } = exchange;
  const asked: Asked = { host: address.url, path: '', model: exchange.model, secrets: secretsOf(address.headers) };
  let answer: Answer | undefined;
  return {
    fetch: async (url, init) => {
      const address = new URL(url instanceof Request ? url.url : url);
      asked.path = address.pathname;
      answer = new Answer(await send(agent, address, init ?? {}, exchange, limits, asked), limits, exchange, asked);
      return answer.toResponse();
    },
    toThrown: (error) => {
      if (signal.aborted) return signal.reason as unknown;
      return error instanceof ProblemError
        ? error
        : new ProblemError(connectionProblem(error, asked, answer !== undefined));
    },
    end: () => answer?.end(),
  };
}

async function send(
  agent: Agent,
  url: URL,
  { method = 'GET', headers, body }: RequestInit,
  { signal, isSurvey }: Exchange,
  limits: Limits,
  asked: Asked,
): Promise<Dispatcher.ResponseData> {
  const options = {
    dispatcher: agent,
    method,
    headers: headers as Record<string, string>,
    ...(typeof body === 'string' && { body }),
  };
  if (!isSurvey) return request(url, { ...options, signal });
  const giveUp = new AbortController();
  const { clock, surveyTimeoutMs } = limits;
  const stop = watchSilence({ clock, gapTimeoutMs: surveyTimeoutMs }, () =>
    giveUp.abort(noAnswer(asked, surveyTimeoutMs)),
  );
  try {
    return await request(url, { ...options, signal: AbortSignal.any([signal, giveUp.signal]) });
  } finally {
    stop();
  }
}

/** One answer on its way in: read as lines or as a whole, then drained or cut off. */
class Answer {
  readonly #response: Dispatcher.ResponseData;
  readonly #limits: Limits;
  readonly #exchange: Exchange;
  readonly #asked: Asked;
  readonly #chunks: AsyncGenerator<Uint8Array>;
  #isWhole = false;

  constructor(response: Dispatcher.ResponseData, limits: Limits, exchange: Exchange, asked: Asked) {
    this.#response = response;
    this.#limits = limits;
    this.#exchange = exchange;
    this.#asked = asked;
    const { clock, gapTimeoutMs } = limits;
    const onStall = () => stalled(asked, gapTimeoutMs);
    this.#chunks = readChunks(response.body, { clock, gapTimeoutMs, signal: exchange.signal, onStall });
  }

  async toResponse(): Promise<Response> {
    const { statusCode: status } = this.#response;
    const type = this.#header('content-type') ?? '';
    if (status < 200 || status > 299) {
      const text = await this.#text(maxErrorBytes);
      throw new ProblemError(responseProblem({ status, type, text, location: this.#header('location') }, this.#asked));
    }
    if (type.includes('html')) throw new ProblemError(notOllama(this.#asked, 'an HTML page'));
    const response = {
      ok: true,
      status,
      headers: { get: (name: string) => this.#header(name) ?? null },
      body: { getReader: () => this.#lineReader() },
      text: () => this.#text(this.#limits.maxLineBytes),
      json: () => this.#json(),
    };
    // The border to the `ollama` package, which reads nothing else of a response.
    return response as unknown as Response;
  }

  end(): void {
    const { body } = this.#response;
    body.on('error', () => undefined);
    if (!this.#isWhole) body.destroy();
    else if (!body.closed) void this.#drain();
  }

  #lineReader() {
    const { maxLineBytes } = this.#limits;
    const lines = readLines(this.#chunks, {
      maxLineBytes,
      onDroppedLine: this.#exchange.onDroppedLine,
      onClosingLine: () => (this.#isWhole = true),
      toErrorProblem: (error) => lineProblem(error, this.#asked),
      toTooLong: () => tooLarge(this.#asked, maxLineBytes),
      toIncomplete: (isForeign) => (isForeign ? notOllama(this.#asked, 'no JSON') : incomplete(this.#asked)),
    });
    return { read: () => lines.next(), releaseLock: () => undefined };
  }

  async #json(): Promise<unknown> {
    const text = await this.#text(this.#limits.maxLineBytes);
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      if (text === '' || /^\s*[{[]/.test(text)) throw new ProblemError(incomplete(this.#asked));
    }
    throw new ProblemError(notOllama(this.#asked, 'no JSON'));
  }

  async #text(maxBytes: number): Promise<string> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.#chunks) {
      parts.push(chunk);
      size += chunk.length;
      if (size > maxBytes) throw new ProblemError(tooLarge(this.#asked, maxBytes));
    }
    this.#isWhole = true;
    return Buffer.concat(parts).toString();
  }

  /** What may still come is the end mark of the transfer; a server that goes on is cut off. */
  async #drain(): Promise<void> {
    const { body } = this.#response;
    const stop = this.#limits.clock.after(drainMs, () => body.destroy());
    try {
      while (!(await this.#chunks.next()).done);
    } catch {
      body.destroy();
    } finally {
      stop();
    }
  }

  #header(name: string): string | undefined {
    const value = this.#response.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }
}

const maxErrorBytes = 64 * 1024;
const drainMs = 1000;

function noAnswer({ host }: Asked, timeoutMs: number): ProblemError {
  return new ProblemError({
    code: 'host-unreachable',
    message: `${host} takes connections but did not answer within ${timeoutMs / 1000} s`,
    host,
  });
}

function stalled({ host }: Asked, gapTimeoutMs: number): Problem {
  return { code: 'stalled', message: `nothing came from ${host} for ${gapTimeoutMs / 1000} s in mid-answer`, host };
}

function tooLarge({ host }: Asked, maxBytes: number): Problem {
  const size = `${Math.floor(maxBytes / (1 << 20))} MiB`;
  return { code: 'output-too-large', message: `${host} sent a line of more than ${size}`, host };
}

function incomplete({ host }: Asked): Problem {
  return { code: 'stream-incomplete', message: `the answer of ${host} ended without its closing line`, host };
}

function notOllama({ host }: Asked, what: string): Problem {
  return { code: 'host-not-ollama', message: `${host} answers with ${cleanText(what)}: it is no Ollama server`, host };
}
