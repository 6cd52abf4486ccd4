import type {
  ChatChunk,
  ChatRequest,
  EmbedRequest,
  EmbedResponse,
  GenerateChunk,
  GenerateRequest,
  ListedModel,
  LoadedModel,
  PullProgress,
  ShowResponse,
} from './wire.ts';

/**
 * One Ollama server, as the rest of the program talks to it. Every call throws a `ProblemError` whose problem names
 * the host; an aborted call rejects with the reason of its signal and closes the connection.
 */
export interface OllamaClient {
  /** Address of the server as shown to people: without credentials. */
  readonly host: string;
  /** As in {@link HostAddress.slots}. */
  readonly slots?: number | undefined;
  version(options: CallOptions): Promise<string>;
  list(options: CallOptions): Promise<ListedModel[]>;
  loaded(options: CallOptions): Promise<LoadedModel[]>;
  show(model: string, options: CallOptions): Promise<ShowResponse>;
  /** Always streamed. The last chunk has `done: true`; an answer that ends without one throws `stream-incomplete`. */
  generate(request: GenerateRequest, options: CallOptions): AsyncIterable<GenerateChunk>;
  /** Always streamed, as {@link OllamaClient.generate}. */
  chat(request: ChatRequest, options: CallOptions): AsyncIterable<ChatChunk>;
  embed(request: EmbedRequest, options: CallOptions): Promise<EmbedResponse>;
  /** Ends after `success`; a pull that fails throws. */
  pull(model: string, options: CallOptions): AsyncIterable<PullProgress>;
}

export interface CallOptions {
  signal: AbortSignal;
  /** Called with each line of an answer that was no JSON; such lines are left out. */
  onDroppedLine?: ((line: string) => void) | undefined;
}

/** Where a server is and what it wants to see. */
export interface HostAddress {
  /** Base URL without credentials and trailing slash: `http://127.0.0.1:11434`. */
  url: string;
  /** Sent with every request; never shown. */
  headers: Record<string, string>;
  /** Most requests we keep in flight there; absent: the engine's own limit per model. */
  slots?: number | undefined;
}
