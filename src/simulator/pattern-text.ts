// In: a regular expression of the kinds that schemas use. Out: a text that it matches, the same for the same dice.

interface Reading {
  pattern: string;
  at: number;
  dice: () => number;
}

/** A text that matches; for what this cannot read, such as a look-ahead, a text that may not. */
export function textForPattern(pattern: string, dice: () => number): string {
  const reading: Reading = { pattern, at: 0, dice };
  return readAlternatives(reading)();
}

/** Makes its part of the text, anew each time. */
type Part = () => string;

function readAlternatives(reading: Reading): Part {
  const alternatives = [readSequence(reading)];
  while (reading.pattern[reading.at] === '|') {
    reading.at += 1;
    alternatives.push(readSequence(reading));
  }
  return () => alternatives[Math.floor(reading.dice() * alternatives.length)]?.() ?? '';
}

function readSequence(reading: Reading): Part {
  const parts: Part[] = [];
  while (reading.at < reading.pattern.length && !'|)'.includes(reading.pattern[reading.at] ?? ''))
    parts.push(repeat(readAtom(reading), reading));
  return () => parts.map((part) => part()).join('');
}

function readAtom(reading: Reading): Part {
  const char = reading.pattern[reading.at++] ?? '';
  if (char === '^' || char === '$') return () => '';
  if (char === '(') {
    reading.at += /^\?(?::|<\w+>)/.exec(reading.pattern.slice(reading.at))?.[0].length ?? 0;
    const inner = readAlternatives(reading);
    reading.at += 1;
    return inner;
  }
  if (char === '[') return readClass(reading);
  if (char === '\\') return oneOf(escaped(reading.pattern[reading.at++] ?? ''), reading);
  return oneOf(char === '.' ? letters : char, reading);
}

function repeat(part: Part, reading: Reading): Part {
  const [whole = '', sign, least, comma, most] =
    /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(reading.pattern.slice(reading.at)) ?? [];
  if (whole === '') return part;
  reading.at += whole.length;
  const from = sign === undefined ? Number(least) : sign === '+' ? 1 : 0;
  const open = sign === '?' ? 1 : from + 3;
  const to = sign === undefined ? (comma === '' ? from : most === '' ? open : Number(most)) : open;
  return () => {
    const count = from + Math.floor(reading.dice() * (Math.min(to, from + 3) - from + 1));
    return Array.from({ length: count }, part).join('');
  };
}

function readClass(reading: Reading): Part {
  const isNot = reading.pattern[reading.at] === '^';
  if (isNot) reading.at += 1;
  let chars = '';
  while (reading.at < reading.pattern.length && reading.pattern[reading.at] !== ']') {
    const char = reading.pattern[reading.at++] ?? '';
    const upTo = reading.pattern[reading.at + 1];
    if (char === '\\') chars += escaped(reading.pattern[reading.at++] ?? '');
    else if (reading.pattern[reading.at] === '-' && upTo !== undefined && upTo !== ']') {
      chars += range(char, upTo);
      reading.at += 2;
    } else chars += char;
  }
  reading.at += 1;
  const others = Array.from(`${letters}${digits} _-.`)
    .filter((char) => !chars.includes(char))
    .join('');
  return oneOf(isNot ? others : chars, reading);
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';

function escaped(char: string): string {
  const classes: Readonly<Record<string, string>> = {
    ...{ d: digits, w: letters + digits, s: ' ', D: letters, W: ' ', S: letters, b: '', B: '' },
    ...{ n: '\n', t: '\t', r: '\r' },
  };
  return classes[char] ?? char;
}

function range(from: string, to: string): string {
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
  return Array.from({ length: Math.max(0, Math.min(last - first + 1, 256)) }, (_, at) =>
    String.fromCharCode(first + at),
  ).join('');
}

function oneOf(chars: string, { dice }: Reading): Part {
  return () => chars[Math.floor(dice() * chars.length)] ?? '';
}
