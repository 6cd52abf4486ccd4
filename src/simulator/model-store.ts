import { createHash } from 'node:crypto';
import { normalizeModelName } from '../ollama/model-name.ts';
import { toTimestamp } from '../ollama/wire-encode.ts';
import { formatParameters, type ServedModel } from '../ollama/wire-models.ts';
import { guessModel, type ModelSketch } from './guess-model.ts';
import type { VirtualModel } from './virtual-model.ts';

/** The models that a simulator has on its disk. */
export interface ModelStore {
  /** Newest first. */
  list: () => ServedModel[];
  find: (name: string) => VirtualModel | undefined;
  /** What a model would be, were it there. */
  imagine: (name: string) => VirtualModel;
  describe: (model: VirtualModel) => ServedModel;
  put: (model: VirtualModel, modifiedMs: number) => void;
  remove: (name: string) => void;
}

interface Stored {
  model: VirtualModel;
  modifiedMs: number;
}

/** Has the models it is given; where any name will do, the others are made up when they are asked for. */
export function createModelStore(
  sketches: readonly ModelSketch[],
  { startMs, isOpen = false }: { startMs: number; isOpen?: boolean | undefined },
): ModelStore {
  const known = new Map(sketches.map((sketch) => [normalizeModelName(sketch.name), guessModel(sketch)]));
  const stored = new Map<string, Stored>();
  [...known.values()].forEach((model, index) => stored.set(model.name, { model, modifiedMs: startMs - index * 1000 }));

  return {
    list: () => [...stored.values()].sort((a, b) => b.modifiedMs - a.modifiedMs).map(toServed),
    find(name) {
      const found = stored.get(normalizeModelName(name))?.model;
      if (found || !isOpen) return found;
      const made = imagine(name);
      put(made, startMs);
      return made;
    },
    imagine,
    describe: (model) => toServed(stored.get(model.name) ?? { model, modifiedMs: startMs }),
    put,
    remove: (name) => void stored.delete(normalizeModelName(name)),
  };

  /** A model that was deleted comes back as it was. */
  function imagine(name: string): VirtualModel {
    return known.get(normalizeModelName(name)) ?? guessModel({ name });
  }

  function put(model: VirtualModel, modifiedMs: number): void {
    stored.set(model.name, { model, modifiedMs });
  }
}

function toServed({ model, modifiedMs }: Stored): ServedModel {
  const { name, capabilities, sizeBytes, contextLength } = model;
  const isEmbedding = !capabilities.includes('completion');
  const parameterCount = Math.round(sizeBytes / 0.62);
  return {
    ...{ name, capabilities, sizeBytes, contextLength, parameterCount },
    // What is remembered of a model by its weights must not outlive a change of it.
    digest: createHash('sha256')
      .update(`simulated ${JSON.stringify(model)}`)
      .digest('hex'),
    modifiedAt: toTimestamp(modifiedMs),
    family: isEmbedding ? 'bert' : 'llama',
    parameterSize: formatParameters(parameterCount),
    quantization: isEmbedding ? 'F16' : 'Q4_K_M',
    embeddingLength: embeddingLengthOf(model),
  };
}

/** Width of the vectors, and of the layers inside. */
export function embeddingLengthOf({ capabilities }: VirtualModel): number {
  return capabilities.includes('completion') ? 3072 : 768;
}
