import type { Format } from '../ollama/wire.ts';

/** llama.cpp as the rest of this folder sees it. Tokens are the numbers of the model's own vocabulary. */
export interface LlamaEngine {
  /** What the header of a GGUF file says; loads no weights. Rejects when the file is no GGUF. */
  describe(file: string): Promise<GgufFacts>;
  load(file: string, options: LoadOptions): Promise<LlamaModel>;
  close(): Promise<void>;
}

export interface LoadOptions {
  /** Longest prompt and answer together, in tokens. */
  contextLength: number;
  threads: number;
  signal: AbortSignal;
}

/** A model in memory. It gives one answer at a time. */
export interface LlamaModel {
  /** Memory taken by the weights and the context. */
  readonly sizeBytes: number;
  /** The prompt of a conversation in the model's own template, open for the assistant's next message. */
  renderChat(messages: readonly ChatMessage[]): number[];
  /** Text as it is; the names of special tokens in it become those tokens. */
  tokenize(text: string): number[];
  /** One piece of text for each token; empty while a character is incomplete. Ends where the model ends its answer. */
  answer(request: AnswerRequest): AsyncIterable<string>;
  dispose(): Promise<void>;
}

export interface ChatMessage {
  role: string;
  content: string;
}

export interface AnswerRequest {
  prompt: readonly number[];
  sampling: Sampling;
  /** What the answer must be; absent: any text. */
  format?: Format | undefined;
  /** Stops prompt evaluation and generation within a fraction of a second. */
  signal: AbortSignal;
  /** Called once, when all of the prompt is evaluated and generation begins. */
  onPromptEvaluated: () => void;
}

/** The names and meanings of Ollama's options. */
export interface Sampling {
  temperature: number;
  top_k: number;
  top_p: number;
  min_p: number;
  /** Equal seeds give equal texts. */
  seed: number;
  repeat_penalty: number;
  repeat_last_n: number;
  presence_penalty: number;
  frequency_penalty: number;
}

export interface GgufFacts {
  architecture: string;
  parameterCount: number;
  /** `Q4_K_M`, `F16` … */
  quantization: string;
  /** Longest context the model was trained for. */
  contextLength: number;
  embeddingLength: number;
  chatTemplate: string;
  /** Makes vectors and no text. */
  isEmbeddingOnly: boolean;
  /** Dotted keys as in the file; long lists are left out as null. */
  metadata: Record<string, unknown>;
}
