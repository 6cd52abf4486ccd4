import type { z } from 'zod';
import type { Finding } from './finding.ts';
import { suggestValue } from '../suggest-value.ts';
import { readKeys } from './workflow-keys.ts';
import { varNamePattern, varNameRule, varSchema } from './workflow-schema.ts';
import { toValue, type YamlEntry, type YamlNode } from '../yaml/yaml-node.ts';

/** A variable as a workflow file declares it. */
export interface WorkflowVar {
  name: string;
  /** What it is when none is given; absent where one must be given. */
  value?: string | undefined;
  description?: string | undefined;
}

const varKeys = { known: Object.keys(varSchema.shape) };

/** The variables of a file. One that is not valid is declared all the same, so that prompts may use it. */
export function readVars(node: YamlNode | undefined, report: (finding: Finding) => void): WorkflowVar[] {
  if (!node || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind === 'map') return node.entries.map((entry) => readVar(entry, report));
  const message = 'vars: must be a map from names to defaults';
  report({ code: 'workflow-invalid', message, hint: 'for example {tone: friendly}', at: { path: ['vars'] } });
  return [];
}

function readVar({ key: name, node }: YamlEntry, report: (finding: Finding) => void): WorkflowVar {
  const path = ['vars', name];
  const tell = ({ at, message, ...finding }: Finding): void =>
    report({ ...finding, message: `vars.${name}${message}`, at: { ...at, path: [...path, ...(at?.path ?? [])] } });
  if (!varNamePattern.test(name))
    tell({ code: 'workflow-invalid', message: `: ${varNameRule}`, at: { path: [], part: 'key' } });
  if (node.kind === 'scalar') return { name, value: node.value === null ? undefined : node.text };
  const declared = asText(readKeys(node, varKeys, ': ', tell));
  const { data, error } = varSchema.safeParse(declared);
  if (!data) {
    for (const issue of error.issues) tell(toFinding(issue, declared));
    return { name, value: '' };
  }
  return { name, value: data.default ?? (data.required === false ? '' : undefined), description: data.description };
}

/** A default is text, taken as it is written: `1.10` is not 1.1. */
function asText(node: YamlNode): unknown {
  if (node.kind !== 'map') return toValue(node);
  return Object.fromEntries(
    node.entries.flatMap(({ key, node: value }) => {
      if (value.kind === 'scalar' && value.value === null) return [];
      return [[key, key !== 'required' && value.kind === 'scalar' ? value.text : toValue(value)]];
    }),
  );
}

function toFinding(issue: z.core.$ZodIssue, declared: unknown): Finding {
  const path = issue.path.map((key) => `.${String(key)}`).join('');
  const message = `${path}: ${issue.message}`;
  return { code: 'workflow-invalid', message, hint: suggestValue(issue, declared), at: { path: issue.path } };
}
