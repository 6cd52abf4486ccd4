// In: the tree of a workflow file. Out: its steps as tasks, what it says about the run, and what is wrong with it. Pure.
import type { z } from 'zod';
import type { Problem } from '../../errors/problem.ts';
import { suggest } from '../../errors/suggest.ts';
import { toProblem, type At, type Finding, type Mark } from './finding.ts';
import { isRecord } from '../schema.ts';
import { markRange, type SourceText } from '../yaml/source-text.ts';
import type { WorkflowSettings } from '../spec.ts';
import { suggestValue } from '../suggest-value.ts';
import { foreignWorkflowKeys } from './foreign-keys.ts';
import { readBudget } from './workflow-budget.ts';
import { readKeys } from './workflow-keys.ts';
import { workflowSchema } from './workflow-schema.ts';
import { readStep, type StepSource } from './workflow-step.ts';
import { readVars, type WorkflowVar } from './workflow-vars.ts';
import { entryOf, rangeAt, toValue, type YamlMap, type YamlNode } from '../yaml/yaml-node.ts';

export interface WorkflowFile {
  name?: string | undefined;
  vars: WorkflowVar[];
  /** Environment variables it may read. */
  env: string[];
  steps: StepSource[];
  /** The step whose output is the result. */
  output?: string | undefined;
  settings: WorkflowSettings;
  mark: (at: At) => Mark;
}

const known = Object.keys(workflowSchema.shape);
const workflowKeys = { known, foreign: foreignWorkflowKeys };

/** Variables, steps and the budget are looked at one by one. */
const frameSchema = workflowSchema.omit({ vars: true, steps: true, budget: true });

/** What a workflow file says, as far as it can be understood. */
export function readWorkflow(root: YamlNode, source: SourceText): { workflow: WorkflowFile; problems: Problem[] } {
  const problems: Problem[] = [];
  const reportIn = (node: YamlNode) => (finding: Finding) =>
    void problems.push(toProblem(finding, (at) => markRange(source, rangeAt(node, at, source.text))));
  if (root.kind !== 'map') {
    reportIn(root)({ code: 'workflow-invalid', message: 'a workflow file is a map with steps', at: { path: [] } });
    return { workflow: emptyWorkflow(source, root), problems };
  }
  const node = readKeys(root, workflowKeys, '', reportIn(root));
  const report = reportIn(node);
  const vars = readVars(entryOf(node, 'vars')?.node, report);
  const steps = stepsOf(node, report).map((step, index) => readStep(step, index, source, problems));
  const frame = frameOf(node);
  const { data, error } = frameSchema.safeParse(frame);
  for (const issue of error?.issues ?? []) report(toFinding(issue, frame));
  const { name, timeout: timeoutMs, max_parallel, fail_fast } = data ?? {};
  const { env, output } = { ...toNames(frame), ...data };
  const budget = readBudget(entryOf(node, 'budget')?.node, report);
  const settings = { timeoutMs, max_parallel, fail_fast, budget };
  checkOutput(output, steps, report);
  const mark = (at: At): Mark => markRange(source, rangeAt(node, at, source.text));
  return { workflow: { name, vars, env, steps, output, settings, mark }, problems };
}

function emptyWorkflow(source: SourceText, root: YamlNode): WorkflowFile {
  return { vars: [], env: [], steps: [], settings: {}, mark: () => markRange(source, root.range) };
}

function stepsOf(node: YamlMap, report: (finding: Finding) => void): YamlNode[] {
  const steps = entryOf(node, 'steps')?.node;
  if (steps?.kind === 'list' && steps.items.length > 0) return steps.items;
  const isList = steps?.kind === 'list';
  const message = steps
    ? `steps: must ${isList ? 'hold at least one step' : 'be a list of steps'}`
    : "'steps' is missing";
  const hint =
    steps?.kind === 'map'
      ? "write '- name: …' for each step"
      : "for example 'steps: [{type: generate, prompt: Say hello}]'";
  report({ code: 'workflow-invalid', message, hint, at: { path: ['steps'], part: 'key' } });
  return [];
}

/** Keys without a value are as good as absent. */
function frameOf({ entries }: YamlMap): Record<string, unknown> {
  const values = entries.map(({ key, node }): [string, unknown] => [key, toValue(node)]);
  return Object.fromEntries(
    values.filter(([key, value]) => value !== null && !['vars', 'steps', 'budget'].includes(key)),
  );
}

function toFinding(issue: z.core.$ZodIssue, frame: unknown): Finding {
  const path = issue.path.map(String).join('.');
  return {
    code: 'workflow-invalid',
    message: `${path}: ${issue.message}`,
    hint: suggestValue(issue, frame),
    at: { path: issue.path },
  };
}

/** Names that are good although something else in the frame is wrong: what refers to them is then not wrong as well. */
function toNames({ env, output }: Record<string, unknown>): { env: string[]; output?: string | undefined } {
  const names = [env ?? []].flat().filter((name) => typeof name === 'string');
  return { env: names, output: typeof output === 'string' ? output : undefined };
}

function checkOutput(
  output: string | undefined,
  steps: readonly StepSource[],
  report: (finding: Finding) => void,
): void {
  const names = stepNames(steps);
  if (output === undefined || names.length === 0 || names.includes(output)) return;
  const message = `output: '${output.slice(0, 80)}' is no step`;
  report({ code: 'step-unknown', message, hint: suggest(output, names), at: { path: ['output'], part: 'word' } });
}

function stepNames(steps: readonly StepSource[]): string[] {
  return steps.map(({ task }, index) => {
    return isRecord(task) && typeof task.name === 'string' ? task.name : `step${index + 1}`;
  });
}
