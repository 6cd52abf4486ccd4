// In: the models a run had and those it would go on with. Out: those that are others now. Pure.
import { throwProblems, type Problem } from '../errors/problem.ts';
import type { KeptModel } from '../journal/kept-run.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { FurtherRun } from './run-to-keep.ts';

/**
 * Refuses to go on with other models than the run began with.
 * @throws ProblemError `model-changed`
 */
export function refuseChangedModels(
  { earlier, allowChangedModels }: Pick<FurtherRun, 'earlier' | 'allowChangedModels'>,
  now: readonly KeptModel[],
): void {
  if (!allowChangedModels && earlier.request.options['replay'] === undefined) {
    throwProblems(changedModels(earlier.models, now));
  }
}

/** A problem for each model that has other weights than it had. One that was not there before is none. */
function changedModels(before: readonly KeptModel[], now: readonly KeptModel[]): Problem[] {
  return now.flatMap((model): Problem[] => {
    const known = before.filter((other) => normalizeModelName(other.model) === normalizeModelName(model.model));
    // On a server that is new to the run, the model may be any of those it had elsewhere.
    const there = known.filter(({ host }) => host === model.host);
    const expected = there.length > 0 ? there : known;
    const [first] = expected;
    return first && !expected.some(({ digest }) => digest === model.digest) ? [changed(model, first)] : [];
  });
}

function changed({ model, host, digest }: KeptModel, before: KeptModel): Problem {
  const message = `model '${model}' on ${host} is not the one the run began with: it was ${short(before)}, it is ${short({ digest })}`;
  return { code: 'model-changed', message, host, hint: 'go on with it all the same: --allow-changed-models' };
}

/** As `ollama list` shows it. */
function short({ digest }: Pick<KeptModel, 'digest'>): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
