import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

/** How a cut is marked, in cells of a terminal that shows Unicode, or ASCII alone. */
const ellipsis = { unicode: '…', ascii: '~' };

/** The text cut to so many cells of a terminal; wide characters count two. */
export function fitText(
  text: string,
  cells: number,
  { unicode, keep }: { unicode: boolean; keep: 'start' | 'end' },
): string {
  if (cells <= 0) return '';
  const truncationCharacter = unicode ? ellipsis.unicode : ellipsis.ascii;
  return cliTruncate(text, cells, { position: keep === 'start' ? 'end' : 'start', truncationCharacter });
}

/** Cells the text takes on a terminal; escape sequences take none. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** The text with blanks behind it up to so many cells. */
export function padText(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - stringWidth(text)));
}
