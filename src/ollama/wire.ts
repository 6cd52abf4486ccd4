/**
 * The Ollama protocol: the shapes of its messages, in one place for the client and for everything that answers as a
 * server does. Durations are integer nanoseconds, sizes bytes. Servers omit numbers that are zero.
 */

export type Capability = 'completion' | 'tools' | 'insert' | 'vision' | 'embedding' | 'thinking' | 'image' | 'audio';

export type Think = boolean | 'low' | 'medium' | 'high' | 'max';

/** `"json"` or a JSON Schema. */
export type Format = 'json' | Record<string, unknown>;

export interface WireMessage {
  role: string;
  content: string;
  thinking?: string | undefined;
  /** Base64 without a data-URL prefix. */
  images?: string[] | undefined;
  tool_calls?: WireToolCall[] | undefined;
  tool_name?: string | undefined;
  tool_call_id?: string | undefined;
}

export interface WireToolCall {
  id?: string | undefined;
  function: { index?: number | undefined; name: string; arguments: Record<string, unknown> };
}

interface ModelRequest {
  model: string;
  options?: Record<string, unknown> | undefined;
  /** Go duration, or a number of seconds; 0 unloads, negative keeps for ever. */
  keep_alive?: string | number | undefined;
}

export interface GenerateRequest extends ModelRequest {
  prompt: string;
  system?: string | undefined;
  images?: string[] | undefined;
  format?: Format | undefined;
  think?: Think | undefined;
  truncate?: boolean | undefined;
}

export interface ChatRequest extends ModelRequest {
  messages: WireMessage[];
  tools?: unknown[] | undefined;
  format?: Format | undefined;
  think?: Think | undefined;
  truncate?: boolean | undefined;
}

export interface EmbedRequest extends ModelRequest {
  input: string | string[];
  truncate?: boolean | undefined;
  dimensions?: number | undefined;
}

/** What the closing line of an answer adds. */
export interface WireMetrics {
  done_reason?: string | undefined;
  total_duration?: number | undefined;
  load_duration?: number | undefined;
  prompt_eval_count?: number | undefined;
  prompt_eval_duration?: number | undefined;
  eval_count?: number | undefined;
  eval_duration?: number | undefined;
}

/** The numbers among {@link WireMetrics}, in the order in which servers send them. */
export const wireFigures = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const satisfies readonly (keyof WireMetrics)[];

interface Chunk extends WireMetrics {
  model: string;
  created_at: string;
  done: boolean;
}

export interface GenerateChunk extends Chunk {
  response: string;
  thinking?: string | undefined;
  context?: number[] | undefined;
}

export interface ChatChunk extends Chunk {
  message: WireMessage;
}

export interface EmbedResponse {
  model: string;
  /** One vector per input, in their order. */
  embeddings: number[][];
  total_duration?: number | undefined;
  load_duration?: number | undefined;
  prompt_eval_count?: number | undefined;
}

export interface ModelDetails {
  parent_model?: string | undefined;
  format: string;
  family: string;
  families?: string[] | null | undefined;
  parameter_size: string;
  quantization_level: string;
  context_length?: number | undefined;
  embedding_length?: number | undefined;
}

/** An entry of `/api/tags`. */
export interface ListedModel {
  name: string;
  model: string;
  modified_at: string;
  size: number;
  digest: string;
  details: ModelDetails;
  /** Servers before 0.30 do not give it. */
  capabilities?: Capability[] | undefined;
  remote_model?: string | undefined;
  remote_host?: string | undefined;
}

/** An entry of `/api/ps`. */
export interface LoadedModel {
  name: string;
  model: string;
  size: number;
  digest: string;
  details: ModelDetails;
  expires_at: string;
  size_vram: number;
  context_length?: number | undefined;
}

export interface ShowResponse {
  modelfile?: string | undefined;
  parameters?: string | undefined;
  template?: string | undefined;
  system?: string | undefined;
  details?: ModelDetails | undefined;
  model_info: Record<string, unknown>;
  capabilities?: Capability[] | undefined;
  modified_at?: string | undefined;
}

export interface PullProgress {
  status: string;
  digest?: string | undefined;
  total?: number | undefined;
  completed?: number | undefined;
}
