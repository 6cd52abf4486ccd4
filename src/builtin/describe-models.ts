import type { Capability, ListedModel, LoadedModel, ModelDetails, ShowResponse } from '../ollama/wire.ts';
import { toTimestamp } from '../ollama/wire-encode.ts';
import type { BuiltinModel } from './model-library.ts';
import type { Loaded } from './runner.ts';

/** The entries of `/api/tags`. */
export function listModels(models: readonly BuiltinModel[]): ListedModel[] {
  return models.map((model) => ({
    name: model.name,
    model: model.name,
    modified_at: toTimestamp(model.modifiedMs),
    size: model.size_bytes,
    digest: model.digest,
    details: {
      ...detailsOf(model),
      context_length: model.facts.contextLength,
      embedding_length: model.facts.embeddingLength,
    },
    capabilities: capabilitiesOf(model),
  }));
}

/** The entries of `/api/ps`. */
export function listLoaded(loaded: Loaded | undefined, nowMs: number): LoadedModel[] {
  if (!loaded) return [];
  const { model, sizeBytes, contextLength, expiresAtMs } = loaded;
  return [
    {
      name: model.name,
      model: model.name,
      size: sizeBytes,
      digest: model.digest,
      details: detailsOf(model),
      expires_at: toTimestamp(Math.min(expiresAtMs, nowMs + foreverMs)),
      size_vram: 0,
      context_length: contextLength,
    },
  ];
}

/** What servers say when a model is kept for ever. */
const foreverMs = 292 * 365 * 24 * 3600 * 1000;

/** The answer of `/api/show`. */
export function showModel(model: BuiltinModel): ShowResponse {
  const { facts } = model;
  return {
    modelfile: `FROM ${model.file}\n`,
    template: facts.chatTemplate,
    details: detailsOf(model),
    model_info: { ...facts.metadata, 'general.parameter_count': facts.parameterCount },
    capabilities: capabilitiesOf(model),
    modified_at: toTimestamp(model.modifiedMs),
  };
}

/** What the built-in engine can do with a model, which may be less than the model can. */
export function capabilitiesOf({ facts }: BuiltinModel): Capability[] {
  return facts.isEmbeddingOnly ? ['embedding'] : ['completion'];
}

function detailsOf({ facts }: BuiltinModel): ModelDetails {
  return {
    parent_model: '',
    format: 'gguf',
    family: facts.architecture,
    families: [facts.architecture],
    parameter_size: formatParameters(facts.parameterCount),
    quantization_level: facts.quantization,
  };
}

function formatParameters(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)}B`;
  return count >= 1e6 ? `${(count / 1e6).toFixed(2)}M` : `${(count / 1e3).toFixed(2)}K`;
}
