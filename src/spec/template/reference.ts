import type { ItemSegment, OutputSegment } from './template.ts';
import { parsePath } from './value-path.ts';

/** Names are at most this long. */
const maxName = 64;

/**
 * What a placeholder names in a workflow: `plan`, `plan.output.title`, `steps.review[2].output`, `item['a key']`.
 * Step names may hold dots: one that is the whole text, and else the longest one, is meant.
 * @param nameOf the step a word stands for; after `steps.` it must be its very name
 */
export function parseReference(
  text: string,
  nameOf: (word: string, isQualified: boolean) => string | undefined,
): OutputSegment | ItemSegment | undefined {
  const exact = nameOf(text, false);
  if (exact !== undefined) return { output: exact };
  if (/^item(?:[.[]|$)/.test(text)) {
    const item = parsePath(text.slice('item'.length));
    return item && { item };
  }
  const isQualified = text.startsWith('steps.');
  const words = isQualified ? text.slice('steps.'.length) : text;
  for (let end = Math.min(words.length, maxName); end > 0; end -= 1) {
    if (end < words.length && !/[.[]/.test(words.charAt(end))) continue;
    const output = nameOf(words.slice(0, end), isQualified);
    const value = output === undefined ? undefined : parseValue(words.slice(end), isQualified);
    if (output !== undefined && value) return { output, ...value };
  }
  return undefined;
}

/** What follows the name: `[2]`, `.output`, `.output.title`. */
function parseValue(text: string, isQualified: boolean): Omit<OutputSegment, 'output'> | undefined {
  const [found, index, word, rest = ''] = /^(?:\[(\d{1,15})\])?(?:(\.output)([.[].*)?)?$/s.exec(text) ?? [];
  if (found === undefined || (isQualified && word === undefined)) return undefined;
  const path = parsePath(rest);
  return path && { ...(index !== undefined && { index: Number(index) }), ...(path.length > 0 && { path }) };
}
