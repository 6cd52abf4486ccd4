/** What is looked over later is looked over by functions that call themselves once per level. */
const maxDepth = 128;

/** Whether lists and objects of a JSON text are nested beyond all reason. Letter by letter: texts may be very long. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') at = endOfText(text, at);
    else if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if (depth > maxDepth) return true;
  }
  return false;
}

/** Where a text that begins here ends; brackets in it are letters. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
