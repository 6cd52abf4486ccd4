/**
 * Text that nobody vouches for, fit to be shown on a terminal: control characters and marks that turn the direction of
 * writing are spelled out (`^[`, `\x9b`, `\u202e`), so that no escape sequence survives. `\n` and `\t` stay.
 * Each character is judged alone, therefore a sequence cut into pieces cannot slip through.
 */
export function neutralize(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(hostile, spellOut);
}

/** The same on one line: line breaks and runs of blanks become one blank. */
export function neutralizeLine(text: string): string {
  return neutralize(text).replace(/\s+/g, ' ').trim();
}

/**
 * {@link neutralize} for text that arrives in pieces: what may belong together with the next piece (half of a surrogate
 * pair, the `\r` of a `\r\n`) is held back until then. An empty string asks for what is held.
 */
export function createNeutralizer(): (piece: string) => string {
  let held = '';
  return (piece) => {
    const text = held + piece;
    held = piece === '' ? '' : (/[\r\ud800-\udbff]$/.exec(text)?.[0] ?? '');
    return neutralize(text.slice(0, text.length - held.length));
  };
}

/** Same, for JSON: what a terminal could obey becomes an escape of JSON, which leaves the document equal. */
export function neutralizeJson(json: string): string {
  return json.replace(hostile, (character) => (character < ' ' ? character : toUnicodeEscape(character)));
}

// C0 without \t and \n, DEL, C1, line and paragraph separators, and what Unicode calls Bidi_Control.

const hostile = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function spellOut(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return code < 0xa0 ? `\\x${code.toString(16)}` : toUnicodeEscape(character);
}

function toUnicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
