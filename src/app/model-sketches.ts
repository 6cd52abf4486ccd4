// In: what a survey told of the models, and what was measured of them. Out: how long they are expected to take.
import type { KnownSpeeds, Speed } from '../engine/speeds.ts';
import type { Fleet, FleetModel, Measured } from '../ollama/fleet.ts';
import { modelKey } from '../plan/model-facts.ts';
import { guessModel } from '../simulator/guess-model.ts';
import type { VirtualModel } from '../simulator/virtual-model.ts';

/** Tokens of an answer, where nothing limits it and none was seen. */
const usualAnswer = 200;

/** A model as the simulator would have it, by its size and name. */
export function sketchModel({ name, size_bytes }: Pick<FleetModel, 'name' | 'size_bytes'>): VirtualModel {
  return guessModel({ name, ...(size_bytes > 0 && { sizeBytes: size_bytes }), contextBytes: 0 });
}

/**
 * The sketch of a model with the pace at which it really was: the usual prompt with the usual answer takes what it took
 * then, longer ones accordingly more.
 */
export function paceModel(sketch: VirtualModel, measured: Measured): VirtualModel {
  const { load_ms: loadMs = sketch.loadMs, answer_ms: answerMs } = measured;
  const { prompt_tokens = 0, output_tokens = 0 } = measured;
  const sketchedMs = (prompt_tokens / sketch.promptTokensPerSecond + output_tokens / sketch.tokensPerSecond) * 1000;
  const pace = answerMs !== undefined && answerMs > 0 && sketchedMs > 0 ? sketchedMs / answerMs : 1;
  return {
    ...sketch,
    loadMs,
    tokensPerSecond: sketch.tokensPerSecond * pace,
    promptTokensPerSecond: sketch.promptTokensPerSecond * pace,
  };
}

/** Tokens of an answer that nothing limits. */
export function usualAnswerOf(measured: Measured | undefined): number {
  return measured?.output_tokens ?? usualAnswer;
}

/** What is known of the speeds of all models of a fleet. */
export function knownSpeeds({ hosts }: Fleet): Required<KnownSpeeds> {
  const measured = new Map<string, Speed>();
  const sketched = new Map<string, Speed>();
  for (const { url: host, models } of hosts) {
    for (const model of models) {
      const key = modelKey({ host, model: model.name });
      const { loadMs, tokensPerSecond } = sketchModel(model);
      sketched.set(key, { loadMs, answerMs: (usualAnswer * 1000) / tokensPerSecond });
      const { load_ms, answer_ms } = model.measured ?? {};
      if (load_ms !== undefined || answer_ms !== undefined) measured.set(key, { loadMs: load_ms, answerMs: answer_ms });
    }
  }
  return { measured, sketched };
}
