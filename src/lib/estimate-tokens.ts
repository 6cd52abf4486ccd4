import { asciiTokens, partTokens } from './ascii-tokens.ts';

/**
 * About how many tokens a text is to a model, whose tokenizer is not known. bench/token-estimate.mjs measures the error.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(isAscii(text) ? asciiTokens(text) : patternTokens(text));
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** The same for any text, ASCII or not; not rounded. */
export function patternTokens(text: string): number {
  let tokens = 0;
  // The blank before a word is part of its token.
  for (const [piece, word, digits, space] of text.matchAll(pieces)) {
    if (space !== undefined) tokens += space === ' ' ? 0 : 1 + space.length / 40;
    else if (isOneCharacter(piece)) tokens += 1 + piece.length / 16;
    else if (word !== undefined) tokens += wordTokens(word);
    else if (digits !== undefined) tokens += digits.length / 1.6;
    else tokens += piece.length * 0.65;
  }
  return tokens;
}

/**
 * Words, of which a text has no more than tokens: in the vocabularies of Llama, Qwen, Gemma, DeepSeek and gpt-oss no
 * token holds letters of two (bench/token-estimate.mjs looks). Counts no further than `most`.
 */
export function countWords(text: string, most = Infinity): number {
  let count = 0;
  for (const _ of text.matchAll(words)) {
    count += 1;
    if (count >= most) break;
  }
  return count;
}

const pieces = /(\p{L}[\p{L}\p{M}]*)|(\p{N}+)|(\s+)|[^\p{L}\p{N}\s]+/gu;

/**
 * Apostrophes join (`don't` is one token to some), and so do the `_` and `▁` of special tokens and the joiners of
 * Persian and Indic scripts.
 */
const words = /\p{L}[\p{L}\p{M}'’_▁\u200c\u200d]*/gu;

/** Tokens per character of scripts; the vocabularies differ by half and more. */
const perCharacter: readonly (readonly [RegExp, number])[] = [
  [/\p{sc=Han}/u, 0.75],
  [/[\p{sc=Hiragana}\p{sc=Katakana}]/u, 0.65],
  [/[\p{sc=Hangul}\p{sc=Thai}]/u, 0.8],
  [/\p{sc=Latin}/u, 0.4],
  [/\p{sc=Cyrillic}/u, 0.36],
];

function wordTokens(word: string): number {
  if (/^[A-Za-z]+$/.test(word)) return latinTokens(word);
  const [, share] = perCharacter.find(([script]) => script.test(word)) ?? [undefined, 0.42];
  return Math.max(1, word.length * share);
}

/** `camelCase` is two. */
function latinTokens(word: string): number {
  const parts = word.match(/[A-Z]*[a-z]+|[A-Z]+/g) ?? [];
  return parts.reduce((sum, part) => sum + partTokens(part.length), 0);
}

/** Lines and rows of dashes: vocabularies have long tokens for those. */
function isOneCharacter(piece: string): boolean {
  return piece.length > 3 && piece === piece.charAt(0).repeat(piece.length);
}
