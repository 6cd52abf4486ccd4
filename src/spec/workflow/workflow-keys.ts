import { closest, suggest } from '../../errors/suggest.ts';
import type { Finding } from './finding.ts';
import { foreignHint, type ForeignKeys } from './foreign-keys.ts';
import { toValue, type YamlEntry, type YamlNode } from '../yaml/yaml-node.ts';

/** The keys of one kind of map. */
export interface KnownKeys {
  known: readonly string[];
  /** Words of other programs. */
  foreign?: ForeignKeys | undefined;
}

/**
 * The entries a map may have, their keys spelled with `_`: `fail-fast` is `fail_fast`. The others are reported; a mistyped
 * key then counts as the one that was meant, so that its absence is no second problem and its value is looked at, too.
 * @param place said before each problem, e.g. the name of the step
 */
export function readKeys<N extends YamlNode>(
  node: N,
  { known, foreign = {} }: KnownKeys,
  place: string,
  report: (finding: Finding) => void,
): N {
  if (node.kind !== 'map') return node;
  const seen = new Set<string>();
  const given = new Set(node.entries.map((entry) => toSpelling(entry.key, known)));
  const entries = node.entries.flatMap((entry): YamlEntry[] => {
    const key = toSpelling(entry.key, known);
    const word = foreign[entry.key.replaceAll('-', '_')];
    const isFree = word?.means !== undefined && !given.has(word.means);
    const hint = word && foreignHint(word, isFree, toValue(entry.node));
    const problem = wrongKey(key, seen.has(key), known, hint);
    seen.add(key);
    if (!problem) return [{ ...entry, key }];
    report({
      code: 'workflow-invalid',
      message: `${place}${problem.message}`,
      hint: problem.hint,
      at: { path: [entry.key], part: 'key' },
    });
    const meant = known.includes(key) ? undefined : word ? word.means : closest(key, known);
    return meant === undefined || given.has(meant) ? [] : [{ ...entry, key: meant }];
  });
  return { ...node, entries };
}

/** The same, where keys that are not known are looked at by others. */
export function spellKeys<N extends YamlNode>(node: N, known: readonly string[]): N {
  if (node.kind !== 'map') return node;
  return { ...node, entries: node.entries.map((entry) => ({ ...entry, key: toSpelling(entry.key, known) })) };
}

function toSpelling(key: string, known: readonly string[]): string {
  const spelled = key.replaceAll('-', '_');
  return known.includes(spelled) ? spelled : key;
}

function wrongKey(
  key: string,
  isTwin: boolean,
  known: readonly string[],
  hint: string | undefined,
): { message: string; hint: string } | undefined {
  if (isTwin) return { message: `'${key}' is given twice`, hint: 'remove one of the two' };
  if (known.includes(key)) return undefined;
  return { message: `unknown key '${key.slice(0, 80)}'`, hint: hint ?? suggest(key, known) };
}
