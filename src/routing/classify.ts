import type { Kind } from '../lib/kinds.ts';
import { findClearRequest } from './classifier/clear-request.ts';
import { createFeatureReader, weighedKinds } from './classifier/features.ts';
import { splitPrompt } from './classifier/split-prompt.ts';
import { weights as learned } from './classifier/weights.ts';

/** Tells the kind of work a prompt asks for. Its parts are made when the first prompt comes. */
export function createClassifier(weights: readonly (readonly number[])[] = learned): (text: string) => Kind {
  let read: ReturnType<typeof createFeatureReader> | undefined;
  return (text) => {
    const parts = splitPrompt(text);
    return findClearRequest(parts.prose) ?? weigh((read ??= createFeatureReader())(parts), weights);
  };
}

/** A kind that is not at least this likely is none. */
const leastChance = 0.4;

function weigh(values: Float64Array, weights: readonly (readonly number[])[]): Kind {
  const scores = weights.map((row) => values.reduce((sum, value, at) => sum + value * (row[at] ?? 0), row.at(-1) ?? 0));
  const most = Math.max(...scores);
  const chance = 1 / scores.reduce((sum, score) => sum + Math.exp(score - most), 0);
  return (chance < leastChance ? undefined : weighedKinds[scores.indexOf(most)]) ?? 'other';
}
