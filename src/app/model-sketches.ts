// In: what a survey told of the models. Out: how long they are expected to take.
import type { Speed } from '../engine/speeds.ts';
import type { Fleet, FleetModel } from '../ollama/fleet.ts';
import { modelKey } from '../plan/model-facts.ts';
import { guessModel } from '../simulator/guess-model.ts';
import type { VirtualModel } from '../simulator/virtual-model.ts';

/** Tokens of an answer, where nothing limits it. */
export const usualAnswer = 200;

/** A model as the simulator would have it, by its size and name. */
export function sketchModel({ name, size_bytes }: Pick<FleetModel, 'name' | 'size_bytes'>): VirtualModel {
  return guessModel({ name, ...(size_bytes > 0 && { sizeBytes: size_bytes }), contextBytes: 0 });
}

/** What loads and answers of all models of a fleet are expected to take, by {@link modelKey}. */
export function expectedSpeeds({ hosts }: Fleet): Map<string, Speed> {
  return new Map(
    hosts.flatMap(({ url, models }) =>
      models.map((model) => {
        const { loadMs, tokensPerSecond } = sketchModel(model);
        const answerMs = (usualAnswer * 1000) / tokensPerSecond;
        return [modelKey({ host: url, model: model.name }), { loadMs, answerMs }] as const;
      }),
    ),
  );
}
