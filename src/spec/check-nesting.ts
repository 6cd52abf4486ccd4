import { CST, Lexer } from 'yaml';
import type { Range } from './yaml/source-text.ts';

/** Deeper than any workflow: the parser calls itself for each level, and Node dies when the stack is used up. */
export const maxDepth = 64;

/** What the lexer says of its own, such as that a plain scalar follows; it stands for nothing in the text. */
const isMark = (token: string): boolean => /^[\u0002\u0018\u001f]$/.test(token);

/** The place where a document is nested deeper than {@link maxDepth}; looked for before it is parsed. */
export function tooDeepAt(text: string): Range | undefined {
  let [offset, flow, onLine] = [0, 0, 0];
  let previous = '\n';
  for (const token of new Lexer().lex(text)) {
    const end = offset + (isMark(token) ? 0 : token.length);
    const type = previous === '\u001f' ? 'scalar' : CST.tokenType(token);
    if (type === 'newline') onLine = 0;
    else if (type === 'flow-map-start' || type === 'flow-seq-start') flow += 1;
    else if (type === 'flow-map-end' || type === 'flow-seq-end') flow -= 1;
    else if (flow === 0 && (type === 'seq-item-ind' || type === 'explicit-key-ind')) onLine += 1;
    // Each level of a block stands at least one column further to the right.
    const isIndent = type === 'space' && flow === 0 && /[\n\r]$/.test(previous);
    if (flow + onLine > maxDepth || (isIndent && token.length > 2 * maxDepth)) return [offset, end];
    if (!isMark(token) || token === '\u001f') previous = token;
    offset = end;
  }
  return undefined;
}
