import { normalizeModelName } from '../ollama/model-name.ts';
import type { Capability } from '../ollama/wire.ts';
import type { VirtualModel } from './virtual-model.ts';

/** What is known of a model; the rest is guessed from its name. */
export type ModelSketch = { name: string } & Partial<VirtualModel>;

/** A model with everything that was not said made up from its name and size, as on a laptop with a small GPU. */
export function guessModel(sketch: ModelSketch): VirtualModel {
  const name = normalizeModelName(sketch.name);
  const capabilities = sketch.capabilities ?? guessCapabilities(name);
  const sizeBytes = sketch.sizeBytes ?? guessSizeBytes(name, capabilities);
  const isEmbedding = !capabilities.includes('completion');
  const tokensPerSecond = sketch.tokensPerSecond ?? roundTo2(memoryBytesPerSecond / sizeBytes);
  return {
    name,
    capabilities,
    sizeBytes,
    contextBytes: sketch.contextBytes ?? (isEmbedding ? 0 : Math.round(sizeBytes / 25_000)),
    contextLength: sketch.contextLength ?? (isEmbedding ? 2048 : 131_072),
    loadMs: sketch.loadMs ?? Math.round(500 + sizeBytes / diskBytesPerMs),
    tokensPerSecond,
    promptTokensPerSecond: sketch.promptTokensPerSecond ?? roundTo2(tokensPerSecond * 15),
    answerTokens: sketch.answerTokens,
    slots: sketch.slots,
  };
}

/** All weights are read once for each token. */
const memoryBytesPerSecond = 80e9;
const diskBytesPerMs = 1e6;

const families: readonly { pattern: RegExp; can: readonly Capability[] }[] = [
  { pattern: /embed|minilm|bge-|\be5-|gte-|paraphrase/, can: ['embedding'] },
  {
    pattern: /llava|vision|moondream|bakllava|minicpm-v|qwen[\d.]*-?vl|gemma3|llama4|mistral-small3/,
    can: ['completion', 'vision'],
  },
  { pattern: /gpt-oss|qwen3(?!-coder)|magistral/, can: ['completion', 'tools', 'thinking'] },
  { pattern: /deepseek-r1|qwq|thinking|reason/, can: ['completion', 'thinking'] },
  {
    pattern: /llama3\.[1-3]|qwen2|qwen3-coder|mistral|mixtral|command-r|granite|phi4|smollm2|hermes/,
    can: ['completion', 'tools'],
  },
];

function guessCapabilities(name: string): readonly Capability[] {
  return families.find(({ pattern }) => pattern.test(name))?.can ?? ['completion'];
}

/** Weights with four to five bits each; of a name without a size, those of a small model. */
function guessSizeBytes(name: string, capabilities: readonly Capability[]): number {
  const [, count, unit] = /(?:^|[^a-z\d.])(\d+(?:\.\d+)?)(b|m)(?![a-z])/.exec(name) ?? [];
  if (count !== undefined) return Math.round(Number(count) * (unit === 'm' ? 1e6 : 1e9) * 0.62);
  if (!capabilities.includes('completion')) return 274_000_000;
  return /llama3\.2|phi|gemma|smollm/.test(name) ? 2_000_000_000 : 4_400_000_000;
}

const roundTo2 = (value: number): number => Number(value.toPrecision(2));
