import { createHash } from 'node:crypto';
import { normalizeModelName } from '../../src/ollama/model-name.ts';
import type { Capability } from '../../src/ollama/wire.ts';
import type { ServedModel } from '../../src/ollama/wire-models.ts';

/** A model of the fake server; whatever is left out is made up from its name. */
export interface FakeModel {
  name: string;
  /** Default `['completion']`. */
  capabilities?: Capability[];
  /** The longest context it was trained for; default 131072. */
  context_length?: number;
  size_bytes?: number;
  digest?: string;
  embedding_length?: number;
  parameter_size?: string;
  quantization_level?: string;
  /** Makes it a stub of a cloud model. */
  remote?: { model: string; host: string };
  modified_at?: string;
}

export interface StoredModel extends Required<Omit<FakeModel, 'remote'>> {
  remote?: { model: string; host: string };
}

/** A server's own default context, where no `num_ctx` is sent. */
export const defaultNumCtx = 4096;

export function storeModel(model: FakeModel, index: number): StoredModel {
  const name = normalizeModelName(model.name);
  return {
    capabilities: ['completion'],
    context_length: 131_072,
    size_bytes: 2_000_000_000,
    digest: createHash('sha256').update(name).digest('hex'),
    embedding_length: model.capabilities?.includes('embedding') ? 384 : 3072,
    parameter_size: '3.2B',
    quantization_level: 'Q4_K_M',
    modified_at: new Date(Date.UTC(2026, 0, 1) - index * 1000).toISOString(),
    ...model,
    name,
  };
}

/** The model as the documents of the protocol describe it. */
export function toServed(model: StoredModel): ServedModel {
  return {
    ...model,
    sizeBytes: model.size_bytes,
    modifiedAt: model.modified_at,
    family: model.capabilities.includes('completion') ? 'llama' : 'bert',
    parameterCount: 3_212_749_888,
    parameterSize: model.parameter_size,
    quantization: model.quantization_level,
    contextLength: model.context_length,
    embeddingLength: model.embedding_length,
  };
}
