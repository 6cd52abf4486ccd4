import type { Readable } from 'node:stream';
import { ProblemError, type Problem } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';
import { createChunkReader, type NextChunk } from './read-body.ts';
import { LineReader } from './read-lines.ts';
import { lineProblem, responseProblem, type Asked } from './response-problem.ts';

export interface AnswerLimits {
  clock: Clock;
  gapTimeoutMs: number;
  maxLineBytes: number;
}

export interface AnswerOptions {
  signal: AbortSignal;
  onDroppedLine?: ((line: string) => void) | undefined;
  /** No model is needed to answer: the body has no reason to come later than the headers. */
  isSurvey?: boolean;
}

/** What came back: headers, and a body that may still be coming. */
export interface RawAnswer {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  body: Readable;
}

/** One answer on its way in: read as lines or as a whole, then drained or cut off. */
export class Answer {
  readonly #response: RawAnswer;
  readonly #limits: AnswerLimits;
  readonly #options: AnswerOptions;
  readonly #asked: Asked;
  readonly #next: NextChunk;
  #isWhole = false;

  constructor(response: RawAnswer, limits: AnswerLimits, options: AnswerOptions, asked: Asked) {
    this.#response = response;
    this.#limits = limits;
    this.#options = options;
    this.#asked = asked;
    const { clock, gapTimeoutMs } = limits;
    this.#next = createChunkReader(response.body, {
      ...{ clock, gapTimeoutMs, signal: options.signal },
      isFirstTimed: options.isSurvey === true,
      onStall: () => stalled(asked, gapTimeoutMs),
    });
  }

  async toResponse(): Promise<Response> {
    const { statusCode: status } = this.#response;
    const type = this.#header('content-type') ?? '';
    if (!isSuccess(status)) {
      const text = await this.#errorText();
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

  #lineReader(): LineReader {
    const { maxLineBytes } = this.#limits;
    return new LineReader(this.#next, {
      maxLineBytes,
      onDroppedLine: this.#options.onDroppedLine,
      onClosingLine: () => (this.#isWhole = true),
      toErrorProblem: (error) => lineProblem(error, this.#asked),
      toTooLong: () => tooLarge(this.#asked, maxLineBytes),
      toIncomplete: (isForeign) => (isForeign ? notOllama(this.#asked, 'no JSON') : incompleteAnswer(this.#asked.host)),
    });
  }

  async #json(): Promise<unknown> {
    const text = await this.#text(this.#limits.maxLineBytes);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      if (text === '' || /^\s*[{[]/.test(text)) throw new ProblemError(incompleteAnswer(this.#asked.host));
    }
    if (typeof value !== 'object' || value === null) throw new ProblemError(notOllama(this.#asked, 'no JSON'));
    if ('error' in value && value.error) throw new ProblemError(lineProblem(value.error, this.#asked));
    return value;
  }

  /** What a refusal says, as far as it comes soon and is not long: its status alone tells enough. */
  async #errorText(): Promise<string> {
    const { body } = this.#response;
    const stop = this.#limits.clock.after(errorBodyMs, () => body.destroy());
    const parts: Uint8Array[] = [];
    let size = 0;
    try {
      for (let chunk = await this.#next(); chunk && size < maxErrorBytes; chunk = await this.#next()) {
        parts.push(chunk);
        size += chunk.length;
      }
      this.#isWhole = size < maxErrorBytes;
    } catch {
      this.#options.signal.throwIfAborted();
    } finally {
      stop();
    }
    return Buffer.concat(parts).subarray(0, maxErrorBytes).toString();
  }

  async #text(maxBytes: number): Promise<string> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (let chunk = await this.#next(); chunk; chunk = await this.#next()) {
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
      while (await this.#next());
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

const isSuccess = (status: number) => status >= 200 && status <= 299;

const maxErrorBytes = 64 * 1024;
const errorBodyMs = 2000;
const drainMs = 1000;

function stalled({ host }: Asked, gapTimeoutMs: number): Problem {
  return { code: 'stalled', message: `nothing came from ${host} for ${gapTimeoutMs / 1000} s in mid-answer`, host };
}

function tooLarge({ host }: Asked, maxBytes: number): Problem {
  const size = `${Math.floor(maxBytes / (1 << 20))} MiB`;
  return { code: 'output-too-large', message: `${host} sent a line of more than ${size}`, host };
}

/** Why an answer cannot be relied on that ended without its closing line. */
export function incompleteAnswer(host: string): Problem {
  return { code: 'stream-incomplete', message: `the answer of ${host} ended without its closing line`, host };
}

function notOllama({ host }: Asked, what: string): Problem {
  return { code: 'host-not-ollama', message: `${host} answers with ${what}: it is no Ollama server`, host };
}
