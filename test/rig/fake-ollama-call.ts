import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GenerateChunk, WireMessage, WireMetrics } from '../../src/ollama/wire.ts';
import {
  chatChunk,
  closeChunk,
  contentTypes,
  encodeLine,
  errorReply,
  generateChunk,
  jsonReply,
  lateErrorReply,
  type WireReply,
} from '../../src/ollama/wire-encode.ts';
import type { WireRequest } from '../../src/ollama/wire-refuse.ts';

export interface CallOrigin {
  path: string;
  method: string;
  headers: IncomingHttpHeaders;
  text: string;
  request: WireRequest;
  response: ServerResponse;
  /** How lines become TCP chunks. */
  chunks: 'line' | 'split' | 'joined';
  /** Before server 0.12.6 an error ahead of the first line is a line of a 200. */
  lineErrors: boolean;
  loadMs: number;
  answer: (call: FakeCall) => Promise<void>;
}

/**
 * One request as a test drives it: what was asked, and the means to answer it piece by piece. Nothing, not even a
 * header, is sent before the first of them is used.
 */
export class FakeCall {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body. */
  readonly request: WireRequest;
  /** The body as it came. */
  readonly text: string;
  /** Resolves when the exchange is over: `client` when the client closed the connection before the answer's end. */
  readonly closed: Promise<'client' | 'server'>;
  readonly #origin: CallOrigin;
  readonly #model: string;
  #spoken = '';
  #pieces = 0;
  #held = '';
  #parts: Partial<WireMessage> = {};
  #writing: Promise<void> = Promise.resolve();

  constructor(origin: CallOrigin) {
    this.#origin = origin;
    this.path = origin.path;
    this.method = origin.method;
    this.headers = origin.headers;
    this.request = origin.request;
    this.text = origin.text;
    this.#model = origin.request.model ?? '';
    const { response } = origin;
    this.closed = new Promise((resolve) => {
      response.on('close', () => resolve(response.writableFinished ? 'server' : 'client'));
    });
  }

  get isOver(): boolean {
    return this.#origin.response.closed;
  }

  /** A piece of the answer. */
  send(text: string): Promise<void> {
    this.#spoken += text;
    return this.#sendPart({ content: text });
  }

  /** A piece of the model's thinking. */
  think(text: string): Promise<void> {
    return this.#sendPart({ thinking: text });
  }

  /** A line of a chat in which the model calls a tool. */
  callTool(name: string, args: Record<string, unknown>, id?: string): Promise<void> {
    return this.#sendPart({ tool_calls: [{ ...(id && { id }), function: { index: 0, name, arguments: args } }] });
  }

  /** Any object as one line: progress of a pull, say. */
  sendLine(line: object): Promise<void> {
    return this.sendRaw(encodeLine(line));
  }

  /** Bytes as they are: half a line, garbage, several lines. */
  sendRaw(bytes: string | Uint8Array): Promise<void> {
    this.#openStream();
    return this.#write(bytes);
  }

  /** The closing line, or for `stream: false` the whole answer. Metrics left out are made up, zeros are not sent. */
  async finish(metrics: WireMetrics & { context?: number[] } = {}): Promise<void> {
    const closing = { ...this.#metrics(), ...metrics };
    if (this.request.stream === false) {
      const parts = { ...this.#parts, content: this.#spoken };
      return this.reply(jsonReply(closeChunk(this.#chunk(parts), closing)));
    }
    await this.sendLine(closeChunk(this.#chunk({}), closing));
    await this.endWithoutDone();
  }

  /** Ends the answer in good order, but with no closing line. */
  async endWithoutDone(): Promise<void> {
    if (this.request.stream === false) {
      return this.reply(jsonReply(this.#chunk({ ...this.#parts, content: this.#spoken })));
    }
    this.#openStream();
    await this.#flush();
    this.#origin.response.end();
  }

  /**
   * Refuses: text becomes `{"error": text}`, an object is sent as it is, an empty text is an empty body. With a type
   * the text is the body: `fail(502, '<html>…', 'text/html')`.
   */
  async fail(status: number, body: string | object, type?: string): Promise<void> {
    if (typeof body !== 'string') return this.reply(jsonReply(body, status));
    if (type !== undefined || body === '') return this.reply({ status, type, body });
    if (this.#origin.lineErrors && status >= 500) return this.errorLine(body);
    return this.reply(errorReply(status, body));
  }

  /** As {@link FakeCall.fail}, for what a server finds out only after it has loaded the model. */
  async failLate(status: number, text: string): Promise<void> {
    if (this.#origin.lineErrors) return this.errorLine(text);
    return this.reply(this.request.stream === false ? errorReply(status, text) : lateErrorReply(status, text));
  }

  /** `{"error": text}` as the last line of a 200. */
  async errorLine(text: string): Promise<void> {
    await this.sendLine({ error: text });
    await this.endWithoutDone();
  }

  /** A whole answer of any kind. */
  async reply({ status, type, body }: WireReply): Promise<void> {
    await this.#writing;
    const { response } = this.#origin;
    const length = String(Buffer.byteLength(body));
    // The real server gives errors found late no length.
    const sized = type === contentTypes.late ? {} : { 'content-length': length };
    response.writeHead(status, { ...(type && { 'content-type': type }), ...sized });
    response.end(this.method === 'HEAD' ? '' : body);
  }

  /** Resets the connection. */
  async hangUp(): Promise<void> {
    await this.#flush();
    this.#origin.response.socket?.resetAndDestroy();
  }

  /** Answers as the server does by itself. */
  answer(): Promise<void> {
    return this.#origin.answer(this);
  }

  #sendPart(part: Partial<WireMessage>): Promise<void> {
    this.#pieces += 1;
    if (this.request.stream !== false) return this.sendLine(this.#chunk(part));
    this.#parts = { ...this.#parts, ...part };
    return Promise.resolve();
  }

  #chunk(part: Partial<WireMessage>): GenerateChunk {
    if (this.path === '/api/chat') return chatChunk(this.#model, Date.now(), part) as unknown as GenerateChunk;
    const { content = '', thinking } = part;
    return generateChunk(this.#model, Date.now(), { text: content, ...(thinking && { thinking }) });
  }

  #metrics(): WireMetrics {
    const parts = {
      load_duration: Math.round(this.#origin.loadMs * 1e6) + 1000,
      prompt_eval_duration: 20_000_000,
      eval_duration: this.#pieces * 10_000_000,
    };
    const total_duration = parts.load_duration + parts.prompt_eval_duration + parts.eval_duration;
    return { done_reason: 'stop', total_duration, prompt_eval_count: 10, eval_count: this.#pieces, ...parts };
  }

  #openStream(): void {
    const { response } = this.#origin;
    if (!response.headersSent) response.writeHead(200, { 'content-type': contentTypes.ndjson });
  }

  #write(bytes: string | Uint8Array): Promise<void> {
    const { chunks, response } = this.#origin;
    if (chunks === 'joined') {
      this.#held += Buffer.from(bytes).toString();
      return Promise.resolve();
    }
    const pieces = chunks === 'line' ? [Buffer.from(bytes)] : inThrees(Buffer.from(bytes));
    this.#writing = this.#writing.then(async () => {
      for (const piece of pieces) {
        if (!response.destroyed) response.write(piece);
        if (pieces.length > 1) await nextTurn();
      }
    });
    return this.#writing;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    if (this.#held && !this.#origin.response.destroyed) this.#origin.response.write(this.#held);
    this.#held = '';
  }
}

/** Cuts through characters of more than one byte. */
function inThrees(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / 3) }, (_, at) => bytes.subarray(at * 3, at * 3 + 3));
}
