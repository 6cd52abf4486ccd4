import { textWidth } from '../../lib/fit-text.ts';
import type { Mark } from '../workflow/finding.ts';

/** From one UTF-16 unit of a text to another, the latter excluded. */
export type Range = readonly [start: number, end: number];

/** A text the user wrote: what it holds, and where each of its lines begins. */
export interface SourceText {
  file: string;
  text: string;
  lineStarts: readonly number[];
}

export function createSourceText(file: string, text: string): SourceText {
  const lineStarts = [0, ...[...text.matchAll(/\r\n|[\n\r]/g)].map((end) => end.index + end[0].length)];
  return { file, text, lineStarts };
}

/** Where a range stands, with its line and a row of carets below it. A range over several lines is marked on its first. */
export function markRange(source: SourceText, [start, end]: Range): Mark {
  const { file, text, lineStarts } = source;
  const index = lineAt(lineStarts, start);
  const lineStart = lineStarts[index] ?? 0;
  const line = /^[^\r\n]*/.exec(text.slice(lineStart, lineStarts[index + 1]))?.[0] ?? '';
  const from = Math.min(start - lineStart, line.length);
  const to = Math.max(from, Math.min(end - lineStart, line.length));
  const location = { file, line: index + 1, column: from + 1 };
  return { location, excerpt: toExcerpt(String(index + 1), line, [from, to]) };
}

/** The last line that begins at or before a place, found by halving: a file may have very many. */
function lineAt(lineStarts: readonly number[], place: number): number {
  let [first, end] = [0, lineStarts.length];
  while (end - first > 1) {
    const middle = Math.floor((first + end) / 2);
    if ((lineStarts[middle] ?? Infinity) <= place) first = middle;
    else end = middle;
  }
  return first;
}

/** Long lines, such as a whole document in JSON, are shown around the mark. */
const unitsBefore = 50;
const unitsShown = 110;

function toExcerpt(number: string, line: string, [from, to]: Range): string {
  const start = line.length > unitsShown ? Math.max(0, from - unitsBefore) : 0;
  const [before, after] = [start > 0 ? '…' : '', line.length > start + unitsShown ? '…' : ''];
  const shown = `${before}${line.slice(start, start + unitsShown)}${after}`;
  const padding = blanksFor(`${before}${line.slice(start, from)}`);
  const marked = line.slice(from, Math.min(to, start + unitsShown));
  const carets = '^'.repeat(Math.max(1, textWidth(marked)));
  return `${number} | ${shown}\n${' '.repeat(number.length)} | ${padding}${carets}`;
}

/** As many blanks as a text is wide; tabs stay, whatever their width is. */
function blanksFor(text: string): string {
  return text
    .split('\t')
    .map((part) => ' '.repeat(textWidth(part)))
    .join('\t');
}
