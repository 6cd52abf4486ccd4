/** Whether an array or object begins at a place, and how far it was read. */
export interface JsonScan {
  is: 'document' | 'broken-off' | 'too-deep' | 'no-json';
  /** Behind its last character, where it is a document. */
  at: number;
}

/** Documents that are nested deeper are no answers, and would use up the stack of those who read them. */
const maxDepth = 500;

/** Reads the array or object that begins at a place, by the letter of RFC 8259. */
export function scanJson(text: string, start: number): JsonScan {
  const closers: string[] = [];
  let expected: 'value' | 'value or end' | 'key' | 'key or end' | 'comma or end' = 'value';
  for (let at = start; ; at = skipBlanks(text, at)) {
    const char = text.charAt(at);
    if (char === '') return { is: 'broken-off', at };
    if (expected.endsWith('end') && char === closers.at(-1)) {
      closers.pop();
      at += 1;
      if (closers.length === 0) return { is: 'document', at };
      expected = 'comma or end';
    } else if (expected === 'comma or end') {
      if (char !== ',') return { is: 'no-json', at };
      expected = closers.at(-1) === '}' ? 'key' : 'value';
      at += 1;
    } else if (!expected.startsWith('key') && (char === '{' || char === '[')) {
      closers.push(char === '{' ? '}' : ']');
      if (closers.length > maxDepth) return { is: 'too-deep', at };
      expected = char === '{' ? 'key or end' : 'value or end';
      at += 1;
    } else {
      const end = expected.startsWith('key') ? scanKey(text, at) : scanScalar(text, at);
      if (end < 0) return { is: end === brokenOff ? 'broken-off' : 'no-json', at };
      at = end;
      expected = expected.startsWith('key') ? 'value' : 'comma or end';
    }
  }
}

/** In place of where something ends. */
const noJson = -1;
const brokenOff = -2;

function skipBlanks(text: string, at: number): number {
  blanks.lastIndex = at;
  return at + (blanks.exec(text)?.[0].length ?? 0);
}

/** A name with its colon. */
function scanKey(text: string, at: number): number {
  if (text.charAt(at) !== '"') return noJson;
  const end = scanString(text, at);
  if (end < 0) return end;
  const colon = skipBlanks(text, end);
  if (colon === text.length) return brokenOff;
  return text.charAt(colon) === ':' ? colon + 1 : noJson;
}

function scanScalar(text: string, at: number): number {
  return text.charAt(at) === '"' ? scanString(text, at) : scanWord(text, at);
}

function scanString(text: string, start: number): number {
  for (let at = start + 1; ;) {
    plain.lastIndex = at;
    at += plain.exec(text)?.[0].length ?? 0;
    const char = text.charAt(at);
    if (char === '"') return at + 1;
    if (char === '') return brokenOff;
    escape.lastIndex = at;
    const [escaped] = escape.exec(text) ?? [];
    if (escaped === undefined) return text.length - at < 6 && char === '\\' ? brokenOff : noJson;
    at += escaped.length;
  }
}

/** A number, or one of the three words. */
function scanWord(text: string, at: number): number {
  word.lastIndex = at;
  const [found = ''] = word.exec(text) ?? [];
  if (at + found.length === text.length && found !== '') return brokenOff;
  return scalar.test(found) ? at + found.length : noJson;
}

const blanks = /[ \t\r\n]*/y;
const plain = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const word = /[\w.+-]*/y;
const scalar = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
