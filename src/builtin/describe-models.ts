import type { Capability, ListedModel, LoadedModel, ShowResponse } from '../ollama/wire.ts';
import { toTimestamp } from '../ollama/wire-encode.ts';
import { featuresOf } from '../ollama/wire-features.ts';
import { formatParameters, toListed, toLoaded, toShown, type ServedModel } from '../ollama/wire-models.ts';
import type { BuiltinModel } from './model-library.ts';
import type { Loaded } from './runner.ts';

/** The server version whose behaviour the built-in engine follows. */
export const protocolVersion = '0.30.0';

export const features = featuresOf(protocolVersion);

/** The entries of `/api/tags`. */
export function listModels(models: readonly BuiltinModel[]): ListedModel[] {
  return models.map((model) => toListed(toServed(model), features));
}

/** The entries of `/api/ps`. */
export function listLoaded(loaded: Loaded | undefined, nowMs: number): LoadedModel[] {
  if (!loaded) return [];
  const { model, sizeBytes, contextLength: numCtx, expiresAtMs } = loaded;
  return [toLoaded(toServed(model), { numCtx, sizeBytes, vramBytes: 0, expiresAtMs, nowMs }, features)];
}

/** The answer of `/api/show`. */
export function showModel(model: BuiltinModel): ShowResponse {
  const { facts, file } = model;
  const { details, capabilities, modified_at } = toShown(toServed(model), features);
  return {
    modelfile: `FROM ${file}\n`,
    template: facts.chatTemplate,
    details,
    model_info: { ...facts.metadata, 'general.parameter_count': facts.parameterCount },
    capabilities,
    modified_at,
  };
}

/** What the built-in engine can do with a model, which may be less than the model can. */
export function capabilitiesOf({ facts }: BuiltinModel): Capability[] {
  return facts.isEmbeddingOnly ? ['embedding'] : ['completion'];
}

function toServed(model: BuiltinModel): ServedModel {
  const { facts } = model;
  return {
    name: model.name,
    capabilities: capabilitiesOf(model),
    sizeBytes: model.size_bytes,
    digest: model.digest,
    modifiedAt: toTimestamp(model.modifiedMs),
    family: facts.architecture,
    parameterCount: facts.parameterCount,
    parameterSize: formatParameters(facts.parameterCount),
    quantization: facts.quantization,
    contextLength: facts.contextLength,
    embeddingLength: facts.embeddingLength,
  };
}
