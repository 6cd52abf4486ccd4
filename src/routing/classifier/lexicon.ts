import { wordGroups, words, type WordGroup } from './words.ts';

/** The groups a word in lower case belongs to. */
export type Lexicon = (word: string) => readonly WordGroup[];

const none: readonly WordGroup[] = [];
/** Shorter beginnings say nothing. */
const shortestStem = 3;
const longestStem = 12;
/** Words of Latin scripts are looked up whole only, and scripts without blanks have no stems. */
const hasStems = (word: string): boolean => word.charCodeAt(0) >= 0x370 && word.charCodeAt(0) < 0x2000;

/** Makes {@link words} ready to be looked up. */
export function createLexicon(): Lexicon {
  const whole = new Map<string, WordGroup[]>();
  const stems = new Map<string, WordGroup[]>();
  for (const group of wordGroups) {
    for (const word of words[group].trim().split(/\s+/)) {
      const [target, key] = word.endsWith('*') ? [stems, word.slice(0, -1)] : [whole, word];
      target.set(key, [...(target.get(key) ?? []), group]);
    }
  }
  return (word) => {
    const found = whole.get(word);
    if (found) return found;
    if (!hasStems(word)) return none;
    for (let length = shortestStem; length <= Math.min(longestStem, word.length); length += 1) {
      const stem = stems.get(word.slice(0, length));
      if (stem) return stem;
    }
    return none;
  };
}

const word =
  /[A-Za-z0-9_\u00c0-\u024f\u0370-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?:[.][A-Za-z]\w*)?(?:[+#](?![A-Za-z0-9])|\+\+)*/g;
const withoutBlanks = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/**
 * Calls `take` with the words of a text, in lower case, and where they begin. Of scripts without blanks, where nothing
 * tells words apart, these are all pairs and threes of characters.
 */
export function eachWord(text: string, take: (word: string, at: number) => void): void {
  const lower = text.toLowerCase();
  word.lastIndex = 0;
  for (let match = word.exec(lower); match; match = word.exec(lower)) {
    const [found] = match;
    if (!withoutBlanks.test(found)) {
      take(found, match.index);
      continue;
    }
    for (let at = 0; at < found.length - 1; at += 1) {
      take(found.slice(at, at + 2), match.index + at);
      if (at < found.length - 2) take(found.slice(at, at + 3), match.index + at);
    }
    for (const latin of found.matchAll(/[a-z0-9+#]{2,}/g)) take(latin[0], match.index);
  }
}
