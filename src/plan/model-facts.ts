import type { Candidate } from '../events/plan-snapshot.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { normalizeModelName } from '../ollama/model-name.ts';

/** What a server said of a model. */
export interface ModelFacts {
  /** Of its weights. */
  digest: string;
  /** The longest context it was trained for: a server gives it no more, whatever is asked for. */
  trainedContext?: number | undefined;
  /** The shortest one a server gives it, whatever is asked for. */
  leastContext: number;
  /** The server knows no `truncate: false`: it cuts what it should refuse. */
  isServerDeaf: boolean;
}

/** The facts of all models of a fleet, by {@link modelKey}. */
export function factsOf({ hosts }: Fleet): Map<string, ModelFacts> {
  return new Map(
    hosts.flatMap(({ url, version, models }) =>
      models.map(({ name, digest, capabilities = ['vision'], context_length }) => [
        modelKey({ host: url, model: name }),
        {
          digest,
          trainedContext: context_length,
          leastContext: capabilities.includes('vision') ? 2048 : 4,
          isServerDeaf: isBefore(version, [0, 12, 6]),
        },
      ]),
    ),
  );
}

/**
 * Tokens of the context a model gets: what is asked for, within what it can have; else all it can have, since nobody
 * tells what a server gives by itself.
 */
export function contextLength(facts: ModelFacts | undefined, numCtx: unknown): number | undefined {
  const { trainedContext, leastContext = 0 } = facts ?? {};
  const wanted = typeof numCtx === 'number' ? Math.max(numCtx, leastContext) : trainedContext;
  return wanted === undefined ? undefined : Math.min(wanted, trainedContext ?? Infinity);
}

/** A model on a server, however its name is spelled. */
export function modelKey({ host, model }: Pick<Candidate, 'host' | 'model'>): string {
  return `${host}\n${normalizeModelName(model)}`;
}

/** Development builds say 0.0.0 and know what the newest do. */
function isBefore(version: string | undefined, wanted: readonly number[]): boolean {
  const numbers = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number);
  if (!numbers || numbers.every((number) => number === 0)) return false;
  const at = wanted.findIndex((number, index) => number !== numbers[index]);
  return at !== -1 && (numbers[at] ?? 0) < (wanted[at] ?? 0);
}
