import { mathematicsWords } from './mathematics.ts';
import { programmingWords } from './programming.ts';
import { proseWords } from './prose.ts';

/**
 * Words by group, as they are found in text: in lower case, whole. `*` at the end: every word that begins so, for
 * languages that bend their words; `_`: a blank or a hyphen. Words of scripts without blanks are found anywhere, and have
 * two or three characters.
 */
export const words = { ...programmingWords, ...mathematicsWords, ...proseWords };

/** What a word of a prompt speaks for; every group is one feature of the classifier, however many words it has. */
export type WordGroup = keyof typeof words;

export const wordGroups = Object.keys(words) as WordGroup[];
