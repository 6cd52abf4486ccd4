import { distance } from 'fastest-levenshtein';

/** The known word closest to a mistyped one, or undefined when none is near. Case is ignored. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  if (word === '') return undefined;
  let best: string | undefined;
  let fewest = Math.max(1, Math.min(3, Math.floor(word.length * 0.4))) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= fewest) continue;
    const steps = stepsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (steps < fewest) [best, fewest] = [candidate, steps];
  }
  return best;
}

/** Edits between two words. Letters that changed places are one slip of the finger, not two. */
function stepsBetween(word: string, other: string): number {
  const letters = (text: string): string => Array.from(text).sort().join('');
  const isSwapped = word.length === other.length && letters(word) === letters(other);
  return word !== other && isSwapped ? 1 : distance(word, other);
}

/** As many known words as are worth reading. */
const maxListed = 24;

/** `did you mean 'x'?` for a mistyped word, else the list of what is known. */
export function suggest(word: string, known: readonly string[]): string {
  const match = closest(word, known);
  if (match !== undefined) return `did you mean '${match}'?`;
  if (known.length === 0) return 'there is none';
  const more = known.length > maxListed ? ` and ${known.length - maxListed} more` : '';
  return `known: ${known.slice(0, maxListed).join(', ')}${more}`;
}
