import { ProblemError } from '../errors/problem.ts';

/** What can be said of a run to tell it from others. */
export interface FoundRun {
  id: string;
  agent: string;
  created_at: string;
}

/** Ids are addressed by at least this many of their first or last characters. */
const minLength = 4;

/** The run that an id, the beginning or the end of one, or `last` stands for. In: the runs, newest first. */
export function findRun<Run extends FoundRun>(runs: readonly Run[], ref: string): Run {
  const wanted = ref.toLowerCase();
  const exact = wanted === 'last' ? runs[0] : runs.find(({ id }) => id === wanted);
  if (exact) return exact;
  const isMeant = ({ id }: Run): boolean => id.startsWith(wanted) || id.endsWith(wanted);
  const matches = wanted.length < minLength ? [] : runs.filter(isMeant);
  const [match, ...others] = matches;
  if (match && others.length === 0) return match;
  throw match ? ambiguous(ref, matches) : unknown(ref, runs);
}

function ambiguous(ref: string, matches: readonly FoundRun[]): ProblemError {
  return new ProblemError({
    code: 'run-ambiguous',
    message: `'${ref}' may be several runs: ${listed(matches)}`,
    hint: 'type more of the id',
  });
}

function unknown(ref: string, runs: readonly FoundRun[]): ProblemError {
  const known = runs.length === 0 ? 'none is kept' : `the newest are ${listed(runs)}`;
  const short = ref.length < minLength && ref !== 'last' ? ` (an id needs ${minLength} characters or more)` : '';
  return new ProblemError({
    code: 'run-unknown',
    message: `no run '${ref}'${short}, ${known}`,
    hint: 'ollama-orchestrate list-runs',
  });
}

const maxListed = 5;

function listed(runs: readonly FoundRun[]): string {
  const shown = runs.slice(0, maxListed).map(({ id, agent, created_at }) => `${id} (${agent}, ${created_at})`);
  return [...shown, ...(runs.length > maxListed ? ['…'] : [])].join(', ');
}
