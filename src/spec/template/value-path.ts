import type { ValuePath } from './template.ts';

/** One step of a path: `.key`, `[0]`, `['any key']`. A quote in a key is written twice. Longer numbers are not exact. */
const pathStep = /\.([^.[\]'"\s]+)|\[(\d{1,15})\]|\['((?:[^']|'')*)'\]|\["((?:[^"]|"")*)"\]/y;

/** The keys and positions a text leads through; undefined for what is no path. */
export function parsePath(text: string): ValuePath | undefined {
  const path: (string | number)[] = [];
  for (let end = 0; end < text.length; end = pathStep.lastIndex) {
    pathStep.lastIndex = end;
    const [found, field, position, single, double] = pathStep.exec(text) ?? [];
    if (found === undefined) return undefined;
    if (position !== undefined) path.push(Number(position));
    else path.push(field ?? single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? '');
  }
  return path;
}

/** A path as {@link parsePath} reads it. */
export function showPath(path: ValuePath): string {
  return path.map(showKey).join('');
}

function showKey(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[^.[\]'"\s{}]+$/.test(key) ? `.${key}` : `['${key.replaceAll("'", "''")}']`;
}

export interface MissingValue {
  missing: string | number;
  depth: number;
  known: string[];
}

/** What a path leads to, or the first of its keys that is not there, its position, and the keys there are in its place. */
export function lookUp(value: unknown, path: ValuePath): { value: unknown } | MissingValue {
  let inner = value;
  for (const [depth, key] of path.entries()) {
    if (!isIn(inner, key)) return { missing: key, depth, known: keysOf(inner) };
    inner = (inner as Record<string | number, unknown>)[key];
  }
  return { value: inner };
}

/** Positions lead into lists, keys into objects. */
function isIn(value: unknown, key: string | number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) === (typeof key === 'number') && Object.hasOwn(value, key);
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
