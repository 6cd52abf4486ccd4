/**
 * The part of the npm package `node-llama-cpp` 3 that is used here, in its own words. The package is not a dependency:
 * `builtin install` puts it into the data directory, from where it is imported by path.
 */
export interface NodeLlamaCpp {
  getLlama(options: {
    gpu: 'metal' | false;
    build: 'never';
    skipDownload: true;
    progressLogs: false;
    logLevel: 'error';
    logger: (level: string, message: string) => void;
    maxThreads: number;
  }): Promise<Llama>;
  readGgufFileInfo(
    path: string,
    options: { sourceType: 'filesystem'; logWarnings: false },
  ): Promise<{
    metadata: Record<string, unknown>;
    fullTensorInfo?: readonly { dimensions: readonly (number | bigint)[] }[];
  }>;
  resolveChatWrapper(model: Model): ChatWrapper;
  JinjaTemplateChatWrapper: new (options: {
    template: string;
    tokenizer: unknown;
    joinAdjacentMessagesOfTheSameType: false;
    trimLeadingWhitespaceInResponses: false;
  }) => ChatWrapper;
  LlamaGrammarEvaluationState: new (options: { model: Model; grammar: Grammar }) => GrammarState;
  GgufFileType: Record<number, string | undefined>;
}

export interface Llama {
  loadModel(options: { modelPath: string; loadSignal: AbortSignal }): Promise<Model>;
  getGrammarFor(type: 'json'): Promise<Grammar>;
  createGrammarForJsonSchema(schema: Record<string, unknown>): Promise<Grammar>;
  dispose(): Promise<void>;
}

export interface MemoryUse {
  ram: number;
  vram: number;
}

export interface Model {
  readonly memoryUsage: MemoryUse;
  readonly tokenizer: unknown;
  readonly fileInfo: { metadata: Record<string, unknown> };
  tokenize(text: string, specialTokens: boolean): number[];
  detokenize(tokens: readonly number[], specialTokens: boolean, before: readonly number[]): string;
  createContext(options: {
    contextSize: number;
    threads: number;
    batchSize: number;
    createSignal: AbortSignal;
  }): Promise<Context>;
  dispose(): Promise<void>;
}

export interface Context {
  readonly memoryUsage: MemoryUse;
  getSequence(): Sequence;
  dispose(): Promise<void>;
}

export interface Sequence {
  readonly contextSize: number;
  /** How many tokens are in the context. */
  readonly nextTokenIndex: number;
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>;
  clearHistory(): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly number[]): Promise<void>;
  evaluate(
    tokens: readonly number[],
    options: {
      temperature: number;
      topK: number;
      topP: number;
      minP: number;
      seed: number;
      repeatPenalty: {
        punishTokens: () => number[];
        maxPunishTokens: number;
        penalty: number;
        presencePenalty: number;
        frequencyPenalty: number;
      };
      grammarEvaluationState?: GrammarState;
    },
  ): AsyncGenerator<number, void>;
}

export interface ChatWrapper {
  generateContextState(options: { chatHistory: ChatItem[] }): {
    contextText: { tokenize(tokenizer: unknown): number[] };
  };
}

export type ChatItem = { type: 'system' | 'user'; text: string } | { type: 'model'; response: string[] };

declare const opaque: unique symbol;
export interface Grammar {
  [opaque]: 'grammar';
}
export interface GrammarState {
  [opaque]: 'grammar state';
}
