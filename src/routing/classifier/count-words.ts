import { createLexicon, eachWord, type Entry, type Lexicon } from './lexicon.ts';
import { wordGroups, type WordGroup } from './words/index.ts';

/** What a text is about, going by its words. */
export type Topic = keyof typeof topics;

/** In all of a text, or near its beginning and end. */
export type Where = 'anywhere' | 'atEdges';

/** The words of a stretch of text. */
export interface WordCounts {
  /** Different words of each group. */
  of: Readonly<Record<WordGroup, number>>;
  /** How much of what the words say is said for a topic, from 0 to 1. */
  share: Readonly<Record<Topic, number>>;
}

/** What a word of a group is worth for a topic; those that often mean something else, less. */
const topics = {
  code: { language: 2, tool: 2, code: 2, system: 1.5, learning: 1.5, codeHint: 0.5 },
  math: { math: 2, contest: 1, mathHint: 0.5 },
  writing: { writing: 2, writingHint: 0.5 },
  other: { everyday: 2, question: 0.5 },
} as const satisfies Record<string, Partial<Record<WordGroup, number>>>;

const worths = Object.values(topics).map((groups) => Object.entries(groups) as [WordGroup, number][]);

/** Shares of less than this, in worth, are shares of next to nothing. */
const leastWorth = 4;

/** How near to the beginning or the end of the prose a word is at its edge, in characters. */
const edge = 250;

const noWords = Object.fromEntries(wordGroups.map((group) => [group, 0])) as Record<WordGroup, number>;

/** Makes the function that counts the words of a text: in all of it, and near its beginning and end. */
export function createWordCounter(lexicon = createLexicon()): (prose: string) => Record<Where, WordCounts> {
  return (prose) => {
    const anywhere = { ...noWords };
    const atEdges = { ...noWords };
    const known = new Set<Entry>();
    eachEntry(prose, lexicon, (entry, at) => {
      if (known.has(entry)) return;
      known.add(entry);
      const isAtEdge = at < edge || at > prose.length - edge;
      for (const group of entry.groups) {
        anywhere[group] += 1;
        if (isAtEdge) atEdges[group] += 1;
      }
    });
    return { anywhere: withShares(anywhere), atEdges: withShares(atEdges) };
  };
}

/** Calls `take` with each word that is listed, and with each listed row of words, one character between them. */
function eachEntry(prose: string, lexicon: Lexicon, take: (entry: Entry, at: number) => void): void {
  let open: Entry | undefined;
  let openEnd = -1;
  eachWord(prose, (word, at) => {
    const single = lexicon(word);
    if (single) take(single, at);
    const row = openEnd === at - 1 ? open?.next?.get(word) : undefined;
    if (row) take(row, at);
    open = row?.next ? row : single;
    openEnd = at + word.length;
  });
}

function withShares(counts: Record<WordGroup, number>): WordCounts {
  const [code = 0, math = 0, writing = 0, other = 0] = worths.map((groups) =>
    groups.reduce((sum, [group, worth]) => sum + worth * counts[group], 0),
  );
  const all = leastWorth + code + math + writing + other;
  return { of: counts, share: { code: code / all, math: math / all, writing: writing / all, other: other / all } };
}
