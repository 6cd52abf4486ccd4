import type { YAMLError } from 'yaml';
import type { Range } from './source-text.ts';

/** What is wrong with the form of a document, in words for whoever typed it. */
export interface SyntaxFault {
  message: string;
  hint?: string | undefined;
  range: Range;
}

/** A fault as the parser finds it: told by what was most likely meant, else in the parser's words. */
export function explainSyntax(error: YAMLError, text: string): SyntaxFault {
  const range = clamp(error.pos, text);
  return missingQuotes(range, text) ?? { ...(faults[error.code] ?? { message: plain(error.message) }), range };
}

const faults: Readonly<Partial<Record<string, { message: string; hint: string }>>> = {
  TAB_AS_INDENT: { message: 'YAML is indented with blanks, not with tabs', hint: 'replace the tab by blanks' },
  MULTIPLE_DOCS: {
    message: 'a workflow file holds one document, and here begins another',
    hint: "remove the line '---'",
  },
  TAG_RESOLVE_FAILED: {
    message: "tags such as '!name' mean nothing here",
    hint: 'remove the tag, or put the text into quotes',
  },
  BAD_SCALAR_START: { message: 'text that starts with this character must be in quotes', hint: 'put it into quotes' },
  BAD_INDENT: { message: 'this line is indented differently than those it belongs to', hint: 'align it with them' },
  RESOURCE_EXHAUSTION: { message: 'the document is nested too deep', hint: 'make it flatter' },
};

/** Texts that need quotes and have none: the fault is elsewhere than the parser sees it. */
function missingQuotes([at]: Range, text: string): SyntaxFault | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = /^[^\r\n]*/.exec(text.slice(lineStart, lineStart + maxLine))?.[0] ?? '';
  const [, before, value] = /^(\s*(?:- +)*[\w-]+: +)(\S.*?)\s*$/.exec(line) ?? [];
  if (before === undefined || value === undefined) return undefined;
  const range: Range = [lineStart + before.length, lineStart + before.length + value.length];
  const hint = `did you mean '${JSON.stringify(value)}'?`;
  if (/^\s*(?:- +)*(?:if|foreach):/.test(before) && /^[!'"]/.test(value)) {
    const wrapped = value.startsWith('!') ? hint : `did you mean '\${{ ${value} }}'?`;
    const message = `an expression that starts with ${value.charAt(0)} must stand in \${{ }} or in quotes`;
    return { message, hint: wrapped, range };
  }
  if (value.startsWith('{{')) return { message: 'text that starts with {{ must be in quotes', hint, range };
  if (/^[@`%]/.test(value))
    return { message: `text that starts with ${value.charAt(0)} must be in quotes`, hint, range };
  const hasColon = /^[^"'|>[{&*!#].*:(\s|$)/.test(value);
  return hasColon
    ? { message: "text with ': ' in it must be in quotes, or stand below a '|'", hint, range }
    : undefined;
}

/** Longer lines are not looked at. */
const maxLine = 10_000;

/** A fault at the very end is shown where the text ends. */
function clamp([start, end]: readonly [number, number], text: string): Range {
  const last = text.trimEnd().length;
  return start < last ? [start, end] : [last, last];
}

function plain(message: string): string {
  return `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1).replace(/;.*$/, '')}`;
}
