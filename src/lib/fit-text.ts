import stringWidth from 'string-width';

/** How a cut is marked on a terminal that shows Unicode, or ASCII alone. One cell wide. */
const ellipsis = { unicode: '…', ascii: '~' };

export interface Fit {
  unicode: boolean;
  /** Which part survives the cut. */
  keep: 'start' | 'end';
}

/** The text cut to so many cells of a terminal; a wide character is never halved. Colours survive where the start is kept. */
export function fitText(text: string, cells: number, { unicode, keep }: Fit): string {
  if (textWidth(text) <= cells) return text;
  if (cells <= 0) return '';
  const mark = unicode ? ellipsis.unicode : ellipsis.ascii;
  return keep === 'start' ? cutEnd(text, cells - 1, mark) : mark + takeEnd(text, cells - 1);
}

/** Cells the text takes on a terminal; escape sequences take none. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** The text with blanks behind it up to so many cells. */
export function padText(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - stringWidth(text)));
}

const graphemes = new Intl.Segmenter();

const colors = /(\x1b\[[\d;]*m)/;

/** Drops what is visible behind the cut; colours are still switched off there. */
function cutEnd(text: string, cells: number, mark: string): string {
  let room = cells;
  let isCut = false;
  const take = (part: string): string => {
    if (colors.test(part)) return part;
    let taken = '';
    for (const { segment } of graphemes.segment(part)) {
      if (isCut) break;
      room -= stringWidth(segment);
      isCut = room < 0;
      taken += isCut ? mark : segment;
    }
    return taken;
  };
  return text.split(colors).map(take).join('');
}

function takeEnd(text: string, cells: number): string {
  let room = cells;
  let start = text.length;
  for (const { segment, index } of [...graphemes.segment(text)].reverse()) {
    room -= stringWidth(segment);
    if (room < 0) break;
    start = index;
  }
  return text.slice(start);
}
