import type { Range } from './source-text.ts';
import type { At } from '../workflow/finding.ts';

/** A value of a document that knows where it was written. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar {
  kind: 'scalar';
  range: Range;
  value: string | number | boolean | null;
  /** As it was written, without quotes: `1.10` where the value is 1.1. */
  text: string;
  /** The range without quotes. */
  word: Range;
}

export interface YamlList {
  kind: 'list';
  range: Range;
  items: YamlNode[];
}

export interface YamlMap {
  kind: 'map';
  range: Range;
  entries: YamlEntry[];
}

export interface YamlEntry {
  key: string;
  keyRange: Range;
  node: YamlNode;
}

/** What a document says, without the places. */
export function toValue(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toValue);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, toValue(entry.node)]));
}

/** The entry of a map; undefined where there is none. */
export function entryOf(node: YamlNode | undefined, key: PropertyKey): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** Whether a path leads to something. */
export function hasPath(node: YamlNode, path: readonly PropertyKey[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  const child = childOf(node, first)?.node;
  return child !== undefined && hasPath(child, rest);
}

/** The range of a part; of what holds it, where it does not exist. */
export function rangeAt(root: YamlNode, { path, part, piece }: At, text: string): Range {
  let found: { node: YamlNode; keyRange?: Range | undefined } = { node: root };
  for (const key of path) {
    const child = childOf(found.node, key);
    if (!child) return shownRange(found);
    found = child;
  }
  if (part === 'key') return found.keyRange ?? shownRange(found);
  if (piece) return rangeOfPiece(found.node, piece, text) ?? shownRange(found);
  return part === 'word' && found.node.kind === 'scalar' ? found.node.word : shownRange(found);
}

function childOf(node: YamlNode, key: PropertyKey): { node: YamlNode; keyRange?: Range } | undefined {
  if (node.kind !== 'list') return entryOf(node, key);
  const item = typeof key === 'number' ? node.items[key] : undefined;
  return item && { node: item };
}

/** A value that was left out is shown by its key. */
function shownRange({ node, keyRange }: { node: YamlNode; keyRange?: Range | undefined }): Range {
  return node.range[0] === node.range[1] ? (keyRange ?? node.range) : node.range;
}

/** Folded lines and escapes change a text; a placeholder on one line is found by its words all the same. */
function rangeOfPiece(
  node: YamlNode,
  { of, start, length }: NonNullable<At['piece']>,
  text: string,
): Range | undefined {
  const piece = of.slice(start, start + length);
  if (piece === '') return undefined;
  let at = node.range[0] - 1;
  for (let found = of.indexOf(piece); found !== -1 && found <= start; found = of.indexOf(piece, found + 1)) {
    at = text.indexOf(piece, at + 1);
    if (at === -1) return undefined;
  }
  return at + length <= node.range[1] ? [at, at + length] : undefined;
}
