// in: the module of node-llama-cpp, from the data directory; out: a LlamaEngine
import type { GgufFacts, LlamaEngine, LlamaModel, LoadOptions } from './llama-engine.ts';
import { createAnswerer, evaluationBatch } from './node-llama-answer.ts';
import type { ChatItem, ChatWrapper, Context, Llama, Model, NodeLlamaCpp } from './node-llama-cpp.ts';

/** llama.cpp through node-llama-cpp. The native part is loaded with the first model. */
export function createNodeLlamaEngine(
  library: NodeLlamaCpp,
  options: { threads: number; gpu: 'metal' | false; onLog: (text: string) => void },
): LlamaEngine {
  let starting: Promise<Llama> | undefined;
  const start = (): Promise<Llama> =>
    (starting ??= library.getLlama({
      gpu: options.gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: 'error',
      logger: (_level, message) => options.onLog(message),
      maxThreads: options.threads,
    }));
  return {
    describe: (file) => describeGguf(library, file),
    load: async (file, loadOptions) => loadModel(library, await start(), file, loadOptions),
    close: async () => (await starting)?.dispose(),
  };
}

async function loadModel(
  library: NodeLlamaCpp,
  llama: Llama,
  file: string,
  { contextLength, threads, signal }: LoadOptions,
): Promise<LlamaModel> {
  const model = await llama.loadModel({ modelPath: file, loadSignal: signal });
  let context: Context;
  try {
    context = await model.createContext({
      contextSize: contextLength,
      threads,
      batchSize: evaluationBatch,
      createSignal: signal,
    });
  } catch (error) {
    await model.dispose();
    throw error;
  }
  const wrapper = createChatWrapper(library, model);
  return {
    sizeBytes: [model, context].reduce((sum, { memoryUsage: { ram, vram } }) => sum + ram + vram, 0),
    renderChat: (messages) =>
      wrapper
        .generateContextState({ chatHistory: [...messages.map(toChatItem), { type: 'model', response: [] }] })
        .contextText.tokenize(model.tokenizer),
    tokenize: (text) => model.tokenize(text, true),
    answer: createAnswerer(library, llama, model, context.getSequence()),
    dispose: async () => {
      await context.dispose();
      await model.dispose();
    },
  };
}

/** The template inside the file; where it has none, or one that cannot be run, the nearest one that the library knows. */
function createChatWrapper(library: NodeLlamaCpp, model: Model): ChatWrapper {
  const template = flatten(model.fileInfo.metadata)['tokenizer.chat_template'];
  if (typeof template !== 'string') return library.resolveChatWrapper(model);
  try {
    return new library.JinjaTemplateChatWrapper({
      template,
      tokenizer: model.tokenizer,
      joinAdjacentMessagesOfTheSameType: false,
      trimLeadingWhitespaceInResponses: false,
    });
  } catch {
    return library.resolveChatWrapper(model);
  }
}

function toChatItem({ role, content }: { role: string; content: string }): ChatItem {
  if (role === 'assistant') return { type: 'model', response: [content] };
  return { type: role === 'system' ? 'system' : 'user', text: content };
}

async function describeGguf(library: NodeLlamaCpp, file: string): Promise<GgufFacts> {
  const info = await library.readGgufFileInfo(file, { sourceType: 'filesystem', logWarnings: false });
  const metadata = flatten(info.metadata);
  const architecture = text(metadata['general.architecture']);
  const ofArchitecture = (key: string): unknown => metadata[`${architecture}.${key}`];
  const tensors = info.fullTensorInfo ?? [];
  return {
    architecture,
    parameterCount: tensors.reduce((sum, { dimensions }) => sum + dimensions.reduce<number>(times, 1), 0),
    quantization: (library.GgufFileType[Number(metadata['general.file_type'])] ?? '').replace(/^(MOSTLY|ALL)_/, ''),
    contextLength: Number(ofArchitecture('context_length') ?? 0),
    embeddingLength: Number(ofArchitecture('embedding_length') ?? 0),
    chatTemplate: text(metadata['tokenizer.chat_template']),
    isEmbeddingOnly: ofArchitecture('pooling_type') !== undefined,
    metadata,
  };
}

const times = (product: number, size: number | bigint): number => product * Number(size);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Nested metadata under the dotted keys of the file; lists may hold a whole vocabulary and are left out. */
function flatten(value: Record<string, unknown>, prefix = ''): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (Array.isArray(inner)) flat[prefix + key] = null;
    else if (typeof inner === 'object' && inner !== null)
      Object.assign(flat, flatten(inner as Record<string, unknown>, `${prefix}${key}.`));
    else flat[prefix + key] = typeof inner === 'bigint' ? Number(inner) : inner;
  }
  return flat;
}
