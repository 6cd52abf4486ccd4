import { wordGroups, words, type WordGroup } from './words/index.ts';

/** What is known of a word, or of words in a row. */
export interface Entry {
  groups: readonly WordGroup[];
  /** The entries that begin so, by the word that follows. */
  next?: ReadonlyMap<string, Entry>;
}

/** Looks up a word in lower case. */
export type Lexicon = (word: string) => Entry | undefined;

/** The beginnings of words are looked up by so many characters: none is shorter. */
const stemKey = 3;
/** Short words of Latin scripts are listed whole, and so are those of scripts without blanks. */
const shortestLatin = 6;
const hasStems = (word: string): boolean =>
  word.charCodeAt(0) < 0x2000 && (word.length >= shortestLatin || word.charCodeAt(0) >= 0x370);

/** Makes {@link words} ready to be looked up. */
export function createLexicon(): Lexicon {
  const whole = new Map<string, Growing>();
  const stems = new Map<string, Stem[]>();
  for (const group of wordGroups) {
    for (const listed of words[group].trim().split(/\s+/)) {
      if (listed.endsWith('*')) {
        const stem: Stem = [listed.slice(0, -1), { groups: [group] }];
        const key = listed.slice(0, stemKey);
        stems.set(key, [...(stems.get(key) ?? []), stem].sort(longestFirst));
      } else entryIn(whole, listed.split('_')).groups.push(group);
    }
  }
  return (word) => {
    const found = whole.get(word);
    if (found || !hasStems(word)) return found;
    return stems.get(word.slice(0, stemKey))?.find(([stem]) => word.startsWith(stem))?.[1];
  };
}

function longestFirst([a]: Stem, [b]: Stem): number {
  return b.length - a.length;
}

/** How words begin that are bent in many ways. */
type Stem = [beginning: string, entry: Entry];

interface Growing {
  groups: WordGroup[];
  next?: Map<string, Growing>;
}

function entryIn(entries: Map<string, Growing>, [first = '', ...rest]: string[]): Growing {
  const entry = entries.get(first) ?? { groups: [] };
  entries.set(first, entry);
  return rest.length === 0 ? entry : entryIn((entry.next ??= new Map<string, Growing>()), rest);
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
