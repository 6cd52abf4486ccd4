import { distance } from 'fastest-levenshtein';

/** The known word closest to a mistyped one, or undefined when none is near. Case is ignored. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.min(3, Math.floor(word.length * 0.4)));
  const near = [...known]
    .map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ steps }) => steps <= limit)
    .sort((a, b) => a.steps - b.steps);
  return near[0]?.candidate;
}

/** As many known words as are worth reading. */
const maxListed = 20;

/** `did you mean 'x'?` for a mistyped word, else the list of what is known. */
export function suggest(word: string, known: readonly string[]): string {
  const match = closest(word, known);
  if (match !== undefined) return `did you mean '${match}'?`;
  if (known.length === 0) return 'there is none';
  const more = known.length > maxListed ? ` and ${known.length - maxListed} more` : '';
  return `known: ${known.slice(0, maxListed).join(', ')}${more}`;
}
