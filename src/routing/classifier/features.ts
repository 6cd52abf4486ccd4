import { createWordCounter, type Topic, type Where, type WordCounts } from './count-words.ts';
import type { PromptParts } from './split-prompt.ts';
import type { WordGroup } from './words/index.ts';

/** The kinds that are told apart by weighing features, in the order of the weights. */
export const weighedKinds = ['code', 'math', 'writing', 'other'] as const;

/** What is looked at in a prompt: a number from 0 to 1. */
export interface Feature {
  name: string;
  /** The kind it is meant to speak for, and how loud before anything is learned; absent: for none. */
  meant?: readonly [kind: (typeof weighedKinds)[number], weight: number];
  of: (seen: Seen) => number;
}

/** A prompt, looked at once for all features. */
interface Seen extends PromptParts, Record<Where, WordCounts> {}

type Meant = Feature['meant'];

const upTo = (most: number, count: number): number => Math.min(count, most) / most;

/** The first of them says most. */
const atFirstMost = (most: number, count: number): number => Math.sqrt(upTo(most, count));

/** As many words as are `enough` for the whole weight. */
function wordsOf(group: WordGroup, enough: number, meant: Meant): Feature {
  return { name: group, meant, of: ({ anywhere }) => atFirstMost(enough, anywhere.of[group]) };
}

function edgeWordsOf(group: WordGroup, enough: number, meant: Meant): Feature {
  return { name: `${group}-at-edge`, meant, of: ({ atEdges }) => atFirstMost(enough, atEdges.of[group]) };
}

function shareOf(topic: Topic, where: Where, meant: Meant): Feature {
  return { name: `${topic}-share-${where}`, meant, of: (seen) => seen[where].share[topic] };
}

function pattern(name: string, source: RegExp, enough: number, meant: Meant): Feature {
  return { name, meant, of: ({ prose }) => atFirstMost(enough, countUpTo(enough, prose, source)) };
}

function countUpTo(most: number, text: string, source: RegExp): number {
  source.lastIndex = 0;
  let count = 0;
  while (count < most && source.test(text)) count += 1;
  return count;
}

const makes = String.raw`\b(?:write|create|make|build|implement|develop|generate|draft|give|show|need|want|fix|change|modify|refactor|design)`;
const tells = String.raw`\b(?:write|create|make|compose|generate|draft|give|tell|craft|continue|help)`;
const programs =
  'code|function|class|program|app|application|website|web ?page|query|regex|api|server|component|module|command|method|algorithm|macro|plugin|bot';
const texts =
  'story|stories|poem|essay|song|lyrics|scene|letter|email|post|article|dialog(?:ue)?|monologue|speech|tale|jokes?|haiku|novel|narrative|fanfic|plot|paragraph|description';
const fileEndings =
  'py|js|ts|tsx|jsx|c|h|cpp|cs|java|go|rs|rb|php|html|css|json|ya?ml|sh|bat|ps1|sql|ipynb|csv|xlsx?|txt|exe|dll|jsp|vue|lua|swift|kt|toml|xml|md|log|conf|cfg|ini';
const htmlTags =
  'div|span|p|a|img|table|t[rdh]|button|input|form|script|style|body|html|head|h[1-6]|ul|ol|li|br|svg|link|label|select|option|section|nav';

/** Everything the classifier weighs. What a prompt says counts; of code that stands beside it, that it is there. */
export const features: readonly Feature[] = [
  shareOf('code', 'anywhere', ['code', 2]),
  shareOf('code', 'atEdges', ['code', 1]),
  shareOf('math', 'anywhere', ['math', 2]),
  shareOf('math', 'atEdges', ['math', 1]),
  shareOf('writing', 'anywhere', ['writing', 2]),
  shareOf('writing', 'atEdges', ['writing', 1]),
  shareOf('other', 'anywhere', ['other', 2]),
  shareOf('other', 'atEdges', ['other', 1]),
  wordsOf('language', 2, ['code', 1]),
  edgeWordsOf('language', 1, ['code', 2]),
  wordsOf('tool', 2, ['code', 1.5]),
  edgeWordsOf('tool', 1, ['code', 1.5]),
  wordsOf('code', 4, ['code', 2]),
  edgeWordsOf('code', 2, ['code', 1]),
  wordsOf('system', 3, ['code', 1.5]),
  edgeWordsOf('system', 2, ['code', 1]),
  wordsOf('learning', 2, ['code', 1]),
  edgeWordsOf('learning', 1, ['code', 0.5]),
  { name: 'some-code', meant: ['code', 1.5], of: ({ codeLines }) => upTo(3, codeLines) },
  { name: 'much-code', meant: ['code', 1], of: ({ codeLines }) => upTo(12, codeLines) },
  {
    name: 'code-share',
    meant: ['code', 1],
    of: (seen) => seen.codeLines / Math.max(1, seen.codeLines + seen.proseLines),
  },
  { name: 'fence', meant: ['code', 0.5], of: ({ hasFence }) => Number(hasFence) },
  pattern('identifiers', /[a-z][A-Z][a-z]|[a-zA-Z]_[a-zA-Z]|\w::\w|\w\(\)|\w\.\w+\(/g, 3, ['code', 1]),
  pattern('tags', new RegExp(String.raw`</?(?:${htmlTags})\b[^>\n]*>`, 'g'), 1, ['code', 1.5]),
  pattern('file-names', new RegExp(String.raw`\w\.(?:${fileEndings})\b`, 'gi'), 2, ['code', 1]),
  {
    name: 'signs',
    meant: ['code', 1],
    of: ({ prose }) =>
      Math.min(1, (20 * countUpTo(prose.length, prose, /[{}[\];=<>|&\\`]/g)) / Math.max(1, prose.length)),
  },
  pattern('asks-for-program', new RegExp(String.raw`${makes}\b[^.?!\n]{0,60}\b(?:${programs})\b`, 'gi'), 1, [
    'code',
    1.5,
  ]),
  pattern(
    'short-language',
    /\b(?:in|using|with|write)\s+(?:C|R|Go|Rust|Swift|D)\b(?!['’-])|\b(?:C|R|Go|Rust|Swift|Ruby|Julia|Lua|Dart) (?:code|program|function|script|class|library|package|developer)\b/g,
    1,
    ['code', 2],
  ),
  wordsOf('math', 4, ['math', 1.5]),
  edgeWordsOf('math', 2, ['math', 1]),
  pattern(
    'formulas',
    /\\(?:[a-zA-Z]{2,}[\s{_^\\(]|\(|\[)|\$[^\s$'"`({](?:[^$\n"'`]{0,80}[^\s$"'`/])?\$(?![\w({])/g,
    2,
    ['math', 1.5],
  ),
  pattern(
    'equations',
    /[∑∫√≤≥≠∈∀∃π∞±×÷²³→∂∆⋅]|\b[a-z]\s?\^\s?[\d({n]|(?<![\d-])\d+\s?[-+*/^=]\s?\d+(?![\d-])|\b[a-z]\s?=\s?-?[\d(]|\b[a-z]\([a-z]\)/g,
    2,
    ['math', 1],
  ),
  pattern('sums', /\d\s?[*×÷·+^=]\s?\d/g, 2, ['math', 1.5]),
  pattern('numbers', /\d+(?:[.,]\d+)?/g, 8, ['math', 0.5]),
  pattern(
    'quantities',
    /[$€£¥₽]\s?\d|\d\s?%|\b\d+(?:\.\d+)?\s?(?:kg|km|m|cm|mm|mg|ml|km\/h|m\/s|lbs|ft)\b|\d\s?(?:元|руб)/g,
    2,
    ['math', 1],
  ),
  pattern('choices', /(?:^|\s)(?:\(?[a-dA-Dа-г1-4]\)|[A-D]\.)\s/g, 3, ['math', 0.5]),
  wordsOf('contest', 2, ['math', 0.5]),
  pattern(
    'contest-form',
    /\b(?:time|memory) limit\b|\bsample (?:in|out)put\b|^\s*#?\s*(?:in|out)put\b.{0,12}$|样例/gim,
    1,
    ['math', 1],
  ),
  wordsOf('writing', 3, ['writing', 1.5]),
  edgeWordsOf('writing', 2, ['writing', 1.5]),
  pattern('asks-for-text', new RegExp(String.raw`${tells}\b[^.?!\n]{0,60}\b(?:${texts})\b`, 'gi'), 1, ['writing', 1.5]),
  wordsOf('question', 3, undefined),
  edgeWordsOf('question', 2, undefined),
  wordsOf('everyday', 3, ['other', 1.5]),
  edgeWordsOf('everyday', 2, ['other', 0.5]),
  pattern('question-mark', /[?？]/g, 1, undefined),
  { name: 'length', meant: undefined, of: ({ length }) => Math.min(1, Math.log10(1 + length) / 4) },
];

/** Makes the function that looks at a prompt: the values of {@link features}, in their order. */
export function createFeatureReader(): (parts: PromptParts) => Float64Array {
  const countWords = createWordCounter();
  return (parts) => {
    const seen: Seen = { ...parts, ...countWords(parts.prose) };
    return Float64Array.from(features, (feature) => feature.of(seen));
  };
}
