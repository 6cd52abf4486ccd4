import type { Candidate } from '../events/plan-snapshot.ts';

/** What is known now and was not when the plan was made. */
export interface Availability {
  isHostDown: (host: string) => boolean;
  isModelMissing: (candidate: Candidate) => boolean;
}

/** The first candidate that is still valid; undefined when none is. Pure. */
export function chooseCandidate(candidates: readonly Candidate[], availability: Availability): Candidate | undefined {
  return candidates.find(
    (candidate) => !availability.isHostDown(candidate.host) && !availability.isModelMissing(candidate),
  );
}
