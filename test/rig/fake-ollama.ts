import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { normalizeModelName } from '../../src/ollama/model-name.ts';
import { errorReply, jsonReply, plainReplies, type WireReply } from '../../src/ollama/wire-encode.ts';
import {
  isBodyEndpoint,
  modelNotFoundReply,
  parseWireRequest,
  refuseByCapability,
  refuseModelName,
  refuseOptions,
  type BodyEndpoint,
  type WireRequest,
} from '../../src/ollama/wire-refuse.ts';
import { featuresOf, type Features } from '../../src/ollama/wire-features.ts';
import { isForeign } from '../../src/ollama/wire-foreign.ts';
import { toListed, toLoaded, toShown } from '../../src/ollama/wire-models.ts';
import { emptyAnswer, isEmptyPrompt } from '../../src/ollama/wire-prompt.ts';
import { refuseRoute } from '../../src/ollama/wire-routes.ts';
import { answerPrompt, answerPull, effectiveNumCtx, type Overflow } from './fake-ollama-answers.ts';
import { FakeCall } from './fake-ollama-call.ts';
import { CallDesk, promptPaths, type Match, type Respond } from './fake-ollama-desk.ts';
import { storeModel, toServed, type FakeModel, type StoredModel } from './fake-ollama-models.ts';
import { isPrompt, parseOrEmpty, textOf, type RequestLog } from './fake-ollama-http.ts';
import { QueueFull, Scheduler } from './fake-ollama-scheduler.ts';

export type { FakeCall } from './fake-ollama-call.ts';
export type { FakeModel } from './fake-ollama-models.ts';
export type { RequestLog } from './fake-ollama-http.ts';

export interface FakeOllamaOptions {
  models?: (FakeModel | string)[];
  /** Decides what the server can do and tells; default 0.24.0, the one whose answers were recorded. */
  version?: string;
  port?: number;
  /** Models in memory at once; default: all. */
  room?: number;
  /** Requests that a loaded model answers at a time; default: all that come. */
  parallel?: number;
  /** Requests that may wait for a model to be loaded. */
  queue?: number;
  /** Answers surveys, but never a prompt. */
  silent?: boolean;
  /** How lines become TCP chunks: each its own, all cut into three bytes, or all in one. */
  chunks?: 'line' | 'split' | 'joined';
  /** Models that a pull finds. */
  pullable?: (FakeModel | string)[];
  /** What becomes of a prompt that does not fit; `refuse`, the default, only where it is told not to cut. */
  overflow?: Overflow;
  /** Time of a load and of a piece of an answer, for views that want to see something; default none. */
  loadMs?: number;
  pieceMs?: number;
  onRequest?: (request: RequestLog) => void;
  /** Called when an exchange is over, with the time it took. */
  onEnded?: (request: RequestLog, ms: number) => void;
}

/** Starts a server that speaks as Ollama does, on a free port of 127.0.0.1. */
export async function startFakeOllama(options: FakeOllamaOptions = {}): Promise<FakeOllama> {
  const fake = new FakeOllama(options);
  await fake.listen(options.port ?? 0);
  return fake;
}

/**
 * An Ollama server that a test drives: without a script it answers by itself, `reply` scripts an answer up front,
 * and `nextCall` hands over one request after another.
 */
export class FakeOllama implements AsyncDisposable {
  readonly requests: RequestLog[] = [];
  readonly maxOpenByModel: Record<string, number> = {};
  /** Most prompts that were open at once. */
  maxOpen = 0;
  readonly #options: FakeOllamaOptions;
  readonly #has: Features;
  readonly #models = new Map<string, StoredModel>();
  readonly #desk = new CallDesk();
  readonly #scheduler: Scheduler;
  readonly #server: Server;
  readonly #openModels: string[] = [];
  #watchers: (() => void)[] = [];
  #port = 0;
  #clock = 0;
  #loadGate: { promise: Promise<void>; open: () => void } | undefined;

  constructor(options: FakeOllamaOptions) {
    this.#options = options;
    this.#has = featuresOf(this.version);
    for (const model of options.models ?? ['llama3.2']) this.install(model);
    this.#scheduler = new Scheduler({
      room: options.room ?? Infinity,
      parallel: options.parallel ?? Infinity,
      queue: options.queue ?? 512,
      load: (_, signal) => this.#load(signal),
      onChange: () => this.#changed(),
    });
    this.#server = createServer((request, response) => {
      this.#receive(request, response).catch((error: unknown) => {
        // A script that throws: the client need not wait, and the test run hears of it.
        response.destroy();
        throw error;
      });
    });
    this.#server.on('connection', (socket) => socket.setNoDelay());
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get version(): string {
    return this.#options.version ?? '0.24.0';
  }

  /** Requests with something to say to a model: no loads, unloads, surveys or pulls. */
  get prompts(): RequestLog[] {
    return this.requests.filter(isPrompt);
  }

  /** Prompts that are open now. */
  get open(): number {
    return this.#openModels.length;
  }

  /** Loads so far, by model. */
  get loads(): Readonly<Record<string, number>> {
    return this.#scheduler.loads;
  }

  get totalLoads(): number {
    return this.#scheduler.totalLoads;
  }

  get loaded(): string[] {
    return [...this.#scheduler.loaded.keys()];
  }

  install(model: FakeModel | string): void {
    const stored = storeModel(typeof model === 'string' ? { name: model } : model, this.#models.size);
    this.#models.set(stored.name, stored);
  }

  remove(name: string): boolean {
    return this.#models.delete(normalizeModelName(name));
  }

  /** Answers the next matching call so. A script that was not asked for fails the test on disposal. */
  reply(match: Match, respond: Respond, { times = 1 } = {}): void {
    this.#desk.script(match, respond, times);
  }

  /** Calls of these paths wait for {@link FakeOllama.nextCall} or {@link FakeOllama.release}. */
  hold(...paths: string[]): void {
    this.#desk.hold(paths.length > 0 ? paths : promptPaths);
  }

  release(): void {
    this.#desk.release();
  }

  /** The next call that has its model and a slot. From then on such calls wait to be asked for. */
  async nextCall(match: Match = (call) => promptPaths.includes(call.path)): Promise<FakeCall> {
    return this.#guard(this.#desk.next(match), () => `no call of ${String(match)}`);
  }

  /** Resolves as soon as the answer is yes; asked again whenever something opens, closes or is loaded. */
  async until(isTrue: (fake: this) => boolean): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      const look = () => {
        if (isTrue(this)) resolve();
        else this.#watchers.push(look);
      };
      look();
    });
    return this.#guard(reached, () => `never true: ${String(isTrue)}`);
  }

  /** From now on no load ends; everything else goes on answering. */
  hangLoads(): void {
    let open: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => (open = resolve));
    this.#loadGate = { promise, open };
  }

  resumeLoads(): void {
    this.#loadGate?.open();
    this.#loadGate = undefined;
  }

  /** Ends at once, with all connections: to clients the server has died. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    const { unused } = this.#desk;
    if (unused.length > 0) throw new Error(`scripted replies nobody asked for: ${unused.join(', ')}`);
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request).catch(() => undefined);
    if (text === undefined) return;
    const log: RequestLog = {
      method: request.method ?? '',
      path: new URL(request.url ?? '/', 'http://fake').pathname,
      headers: request.headers,
      clientPort: request.socket.remotePort ?? 0,
      text,
      body: parseOrEmpty(text),
      opened: (this.#clock += 1),
      outcome: 'open',
    };
    this.#track(log, response);
    const call = (request: WireRequest, loadMs: number, answer: (call: FakeCall) => Promise<void>) =>
      new FakeCall({
        ...{ path: log.path, method: log.method, headers: log.headers, text, request, response, loadMs, answer },
        chunks: this.#options.chunks ?? 'line',
        lineErrors: !this.#has.statusErrors,
      });
    await this.#route(log, call, response);
  }

  #track(log: RequestLog, response: ServerResponse): void {
    this.requests.push(log);
    this.#options.onRequest?.(log);
    const arrivedAt = performance.now();
    const model = isPrompt(log) ? normalizeModelName(log.body.model ?? '') : undefined;
    if (model !== undefined) {
      this.#openModels.push(model);
      this.maxOpen = Math.max(this.maxOpen, this.open);
      const openOfModel = this.#openModels.filter((other) => other === model).length;
      this.maxOpenByModel[model] = Math.max(this.maxOpenByModel[model] ?? 0, openOfModel);
    }
    response.on('close', () => {
      log.closed = this.#clock += 1;
      log.outcome = response.writableFinished ? 'answered' : 'client-closed';
      if (response.headersSent) log.status = response.statusCode;
      if (model !== undefined) this.#openModels.splice(this.#openModels.indexOf(model), 1);
      this.#options.onEnded?.(log, performance.now() - arrivedAt);
      this.#changed();
    });
    this.#changed();
  }

  async #route(log: RequestLog, makeCall: MakeCall, response: ServerResponse): Promise<void> {
    const { path } = log;
    const simple = this.#simpleReply(log);
    if (simple) return this.#desk.take(makeCall(log.body, 0, (call) => call.reply(simple)));
    if (!isBodyEndpoint(path)) throw new Error(`no route for ${path}`);
    const parsed = parseWireRequest(path, log.text);
    const refuse = (reply: WireReply) => makeCall(log.body, 0, () => Promise.resolve()).reply(reply);
    if ('refusal' in parsed) return refuse(parsed.refusal);
    const { request } = parsed;
    if (path === '/api/pull') {
      const install = (name: string) => this.#pull(name);
      return this.#desk.take(makeCall(request, 0, (call) => answerPull(call, install)));
    }
    const found = this.#find(path, request);
    if ('refusal' in found) return refuse(found.refusal);
    const { model } = found;
    const short = this.#shortAnswer(path, request, model);
    if (short) return this.#desk.take(makeCall(request, 0, (call) => call.reply(short)));
    await this.#prompt(path, request, model, makeCall, response);
  }

  /** Surveys, and what has no model: answered without a look at the body. */
  #simpleReply({ path, method, headers }: RequestLog): WireReply | undefined {
    if (isForeign(headers)) return plainReplies.foreign;
    return refuseRoute({ path, method }, this.#has) ?? this.#surveys[path]?.();
  }

  readonly #surveys: Record<string, () => WireReply> = {
    '/': () => plainReplies.running,
    '/api/version': () => jsonReply({ version: this.version }),
    '/api/status': () => jsonReply({ cloud: { disabled: false, source: 'none' } }),
    '/api/tags': () =>
      jsonReply({ models: [...this.#models.values()].map((model) => toListed(toServed(model), this.#has)) }),
    '/api/ps': () =>
      jsonReply({
        models: [...this.#scheduler.loaded].flatMap(([name, { numCtx }]) => {
          const model = this.#models.get(name);
          return model ? [toLoaded(toServed(model), loadedState(model, numCtx), this.#has)] : [];
        }),
      }),
  };

  #find(path: BodyEndpoint, request: WireRequest): { model: StoredModel } | { refusal: WireReply } {
    const name =
      request.model ?? (path === '/api/show' || path === '/api/delete' ? (request['name'] as string) : undefined);
    const refusal = refuseModelName(path, name);
    if (refusal) return { refusal };
    const model = this.#models.get(normalizeModelName(name ?? ''));
    return model ? { model } : { refusal: modelNotFoundReply(path, name ?? '') };
  }

  /** Answers that need no runner: show, delete, unload, refusals. */
  #shortAnswer(path: BodyEndpoint, request: WireRequest, model: StoredModel): WireReply | undefined {
    if (path === '/api/show') return jsonReply(toShown(toServed(model), this.#has));
    if (path === '/api/delete') return this.remove(model.name) ? { status: 200, body: '' } : undefined;
    if (isEmptyPrompt(path, request) && request.keep_alive === 0) {
      this.#scheduler.unload(model.name);
      return emptyAnswer(path, request, 'unload', Date.now());
    }
    return refuseByCapability(path, request, model.capabilities) ?? refuseOptions(request.options);
  }

  async #prompt(
    path: BodyEndpoint,
    request: WireRequest,
    model: StoredModel,
    makeCall: MakeCall,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort(new Error('the client has gone')));
    try {
      const numCtx = effectiveNumCtx({ request }, model);
      const lease = model.remote
        ? { waitedMs: 0, release: () => undefined }
        : await this.#scheduler.acquire(model.name, numCtx, gone.signal);
      response.on('close', lease.release);
      const { pieceMs = 0, overflow } = this.#options;
      const answering = { model, has: this.#has, pieceMs, overflow };
      if (isEmptyPrompt(path, request)) {
        await makeCall(request, 0, () => Promise.resolve()).reply(emptyAnswer(path, request, 'load', Date.now()));
      } else if (!this.#options.silent) {
        await this.#desk.take(makeCall(request, lease.waitedMs, (call) => answerPrompt(call, answering)));
      }
    } catch (error) {
      if (gone.signal.aborted) return;
      if (!(error instanceof QueueFull)) throw error;
      const text = 'server busy, please try again.  maximum pending requests exceeded';
      await makeCall(request, 0, () => Promise.resolve()).reply(errorReply(503, text));
    }
  }

  async #load(signal: AbortSignal): Promise<void> {
    const gate = this.#loadGate?.promise;
    if (gate) await Promise.race([gate, once(signal, 'abort')]);
    signal.throwIfAborted();
    if (this.#options.loadMs) await pause(this.#options.loadMs, undefined, { signal });
  }

  #pull(name: string): boolean {
    const wanted = normalizeModelName(name);
    if (this.#models.has(wanted)) return true;
    const found = (this.#options.pullable ?? [])
      .map((model) => (typeof model === 'string' ? { name: model } : model))
      .find((model) => normalizeModelName(model.name) === wanted);
    if (found) this.install(found);
    return found !== undefined;
  }

  #changed(): void {
    for (const look of this.#watchers.splice(0)) look();
  }

  /** A test that waits for what never comes says so, with what did come. */
  async #guard<T>(wanted: Promise<T>, describe: () => string): Promise<T> {
    const patience = new AbortController();
    const late = pause(20_000, undefined, { signal: patience.signal, ref: false }).then(() => {
      const seen = this.requests.map(({ method, path, outcome }) => `${method} ${path} (${outcome})`);
      throw new Error(`${describe()}; requests so far: ${seen.join(', ') || 'none'}`);
    });
    late.catch(() => undefined);
    return Promise.race([wanted, late]).finally(() => patience.abort());
  }
}

type MakeCall = (request: WireRequest, loadMs: number, answer: (call: FakeCall) => Promise<void>) => FakeCall;

function loadedState({ size_bytes: sizeBytes }: StoredModel, numCtx: number): Parameters<typeof toLoaded>[1] {
  const nowMs = Date.now();
  return { numCtx, sizeBytes, vramBytes: 0, nowMs, expiresAtMs: nowMs + 300_000 };
}
