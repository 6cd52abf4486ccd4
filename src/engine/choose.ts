import type { Candidate } from '../events/plan-snapshot.ts';
import { normalizeModelName } from '../ollama/model-name.ts';

/** What is known now and was not when the plan was made. */
export interface Availability {
  /** Nothing is to be expected of it. */
  isDown: (host: string) => boolean;
  /** It failed a moment ago, and may be back soon. */
  isResting: (host: string) => boolean;
  isModelMissing: (candidate: Candidate) => boolean;
}

/**
 * The first candidate that is still valid, and those that are as good: the same model on other servers. Servers that
 * rest are taken where there are no others. Empty when none is valid. Pure.
 */
export function chooseCandidates(candidates: readonly Candidate[], availability: Availability): readonly Candidate[] {
  const valid = candidates.filter((each) => !availability.isDown(each.host) && !availability.isModelMissing(each));
  const awake = valid.filter(({ host }) => !availability.isResting(host));
  const usable = awake.length > 0 ? awake : valid;
  const [first] = usable;
  if (!first) return [];
  const model = normalizeModelName(first.model);
  return usable.filter((each) => normalizeModelName(each.model) === model);
}
