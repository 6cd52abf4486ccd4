import { findCodeBlocks } from './find-code.ts';
import { scanJson } from './scan-json.ts';
import { withoutThinking } from './without-thinking.ts';

/** A JSON document as it stands in an answer. */
export interface FoundJson {
  text: string;
  value: unknown;
}

/** What is wrong with a value; undefined when nothing is. */
export type JsonCheck = (value: unknown) => string | undefined;

/**
 * The JSON document an answer holds: the whole answer, or what is left of it without thoughts, else the contents of a
 * fenced code block, else an object or array in between the prose; of several the longest, and the last of those. One
 * that does not pass the check is no candidate, nor is anything in an answer that breaks off inside a document, or holds
 * one that is nested too deeply: a part of it is not what was meant.
 */
export function findJson(
  answer: string,
  check: JsonCheck = () => undefined,
): { found: FoundJson } | { reason: string } {
  let reason: string | undefined;
  const text = withoutThinking(answer).trim();
  const texts = [answer.trim(), text].map(parse).filter((each) => each !== undefined);
  for (const candidate of texts.length > 0 ? texts : candidatesIn(text)) {
    const wrong = check(candidate.value);
    if (wrong === undefined) return { found: candidate };
    reason ??= wrong;
  }
  return { reason: reason ?? (text === '' ? 'there is no text' : whyNone(text)) };
}

function candidatesIn(text: string): FoundJson[] {
  const { documents, fault } = findDocuments(text);
  if (fault !== undefined) return [];
  const fenced = findCodeBlocks(text).map(({ code }) => code.trim());
  return [...longestFirst(fenced), ...longestFirst(documents)].map(parse).filter((each) => each !== undefined);
}

function longestFirst(texts: readonly string[]): string[] {
  return texts.toReversed().sort((a, b) => b.length - a.length);
}

function parse(text: string): FoundJson | undefined {
  // The parser has no limit of depth; what reads its values later has.
  const isContainer = text.startsWith('{') || text.startsWith('[');
  if (isContainer && scanJson(text, 0).at !== text.length) return undefined;
  try {
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The objects and arrays of a text that are not within others, or why none of them counts. */
function findDocuments(text: string): { documents: string[]; fault?: string | undefined } {
  const documents: string[] = [];
  // Each false start costs a look ahead; a text made of false starts must not take for ever.
  let patience = 8 * text.length + 1_000_000;
  const bracket = /[[{]/g;
  for (let match = bracket.exec(text); match && patience > 0; match = bracket.exec(text)) {
    const { is, at } = scanJson(text, match.index);
    if (is === 'broken-off') return { documents: [], fault: 'it breaks off inside a JSON document' };
    if (is === 'too-deep') return { documents: [], fault: 'its JSON is nested too deeply' };
    if (is === 'no-json') {
      patience -= at - match.index + 1;
    } else {
      documents.push(text.slice(match.index, at));
      bracket.lastIndex = at;
    }
  }
  return { documents };
}

function whyNone(text: string): string {
  return findDocuments(text).fault ?? 'there is no JSON document in it';
}
