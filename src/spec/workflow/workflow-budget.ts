import { suggest } from '../../errors/suggest.ts';
import type { At, Finding } from './finding.ts';
import { isRecord } from '../schema.ts';
import type { Budget } from '../spec.ts';
import { suggestValue } from '../suggest-value.ts';
import { readKeys } from './workflow-keys.ts';
import { budgetSchema } from './workflow-schema.ts';
import { toValue, type YamlNode } from '../yaml/yaml-node.ts';

const known = Object.keys(budgetSchema.shape);

/** The limits of a run as a file gives them: a map, or the text that `--budget` takes. */
export function readBudget(node: YamlNode | undefined, report: (finding: Finding) => void): Budget | undefined {
  if (!node || (node.kind === 'scalar' && node.value === null)) return undefined;
  const found: Finding[] = [];
  const value = toValue(readKeys(node, { known }, 'budget: ', (finding) => void found.push(finding)));
  const isUnknown = found.length > 0 && isRecord(value) && Object.keys(value).length === 0;
  const { budget, findings } = isUnknown ? { findings: [] } : parseBudget(value);
  for (const { at, ...finding } of [...found, ...findings]) {
    report({ ...finding, at: { ...at, path: ['budget', ...(at?.path ?? [])] } });
  }
  return budget;
}

/** Limits of a run, as a map or as text, `tokens=5000,time=10m`. */
export function parseBudget(value: unknown): { budget?: Budget | undefined; findings: Finding[] } {
  const { limits, findings, at } = typeof value === 'string' ? splitBudget(value) : fromMap(value);
  const { data, error } = budgetSchema.safeParse(limits);
  for (const issue of error?.issues ?? []) {
    const hint = suggestValue(issue, limits) ?? (issue.path.length === 0 ? example : undefined);
    const message = `${['budget', ...issue.path].map(String).join('.')}: ${issue.message}`;
    findings.push({ code: 'workflow-invalid', message, hint, at: at(issue.path) });
  }
  if (findings.length > 0 || !data) return { findings };
  const { time: timeMs, ...amounts } = data;
  if (timeMs !== undefined || Object.keys(amounts).length > 0) return { budget: { ...amounts, timeMs }, findings };
  return { findings: [{ code: 'workflow-invalid', message: 'budget: holds no limit', hint: example, at: at([]) }] };
}

const example = 'for example {tokens: 50000, time: 10m}';

interface Limits {
  limits: unknown;
  findings: Finding[];
  /** Where a limit stands. */
  at: (path: readonly PropertyKey[]) => At;
}

/** Limits without a value are as good as absent. */
function fromMap(value: unknown): Limits {
  const limits = isRecord(value)
    ? Object.fromEntries(Object.entries(value).filter(([, limit]) => limit !== null))
    : value;
  return { limits, findings: [], at: (path) => ({ path }) };
}

function splitBudget(text: string): Limits {
  const limits: Record<string, unknown> = {};
  const places = new Map<PropertyKey, At>();
  const findings: Finding[] = [];
  for (const { 0: part, index } of text.matchAll(/[^,]+/g)) {
    const [, before = '', key = '', sign = '', amount = ''] = /^(\s*)(\w+)(\s*=\s*)(\S.*?)\s*$/.exec(part) ?? [];
    const at = (word: string, start: number): At => ({ path: [], piece: { of: text, start, length: word.length } });
    const add = (message: string, hint: string, word: string): void =>
      void findings.push({
        code: 'workflow-invalid',
        message: `budget: ${message}`,
        hint,
        at: at(word, text.indexOf(word, index)),
      });
    if (key === '') add(`'${part.trim()}' is no limit`, 'for example tokens=50000,time=10m', part.trim());
    else if (!known.includes(key)) add(`unknown limit '${key}'`, suggest(key, known), key);
    else if (places.has(key)) add(`'${key}' is given twice`, 'remove one of the two', key);
    else {
      limits[key] = key !== 'time' && /^\d+$/.test(amount) ? Number(amount) : amount;
      places.set(key, at(amount, index + before.length + key.length + sign.length));
    }
  }
  return { limits, findings, at: ([key]) => (key === undefined ? undefined : places.get(key)) ?? { path: [] } };
}
