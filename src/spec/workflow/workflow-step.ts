import type { Problem } from '../../errors/problem.ts';
import { toProblem, type At, type Finding, type Mark } from './finding.ts';
import { isRecord, taskSpellings } from '../schema.ts';
import { markRange, type SourceText } from '../yaml/source-text.ts';
import type { TaskSource } from '../spec.ts';
import { splitStep } from './step-frame.ts';
import { foreignStepKeys } from './foreign-keys.ts';
import { readKeys, spellKeys } from './workflow-keys.ts';
import { stepSchema } from './workflow-schema.ts';
import { entryOf, hasPath, rangeAt, toValue, type YamlNode } from '../yaml/yaml-node.ts';

/** A step of a workflow file, before the files it names are read. */
export interface StepSource extends TaskSource {
  mark: (at: At) => Mark;
  /** Relative to the workflow file. */
  promptFile?: string | undefined;
}

const known = Object.keys(stepSchema.shape);
const stepKeys = { known, foreign: foreignStepKeys };
const messageKeys = ['tool_calls', 'tool_name', 'tool_call_id'];

/** What a step says, as a task that is still to be checked. */
export function readStep(raw: YamlNode, index: number, source: SourceText, problems: Problem[]): StepSource {
  const { place, location } = placeOf(raw, index, source);
  // A problem of a key is reported before the keys are spelled anew; all others are looked up afterwards.
  const report = (finding: Finding, root: YamlNode): void =>
    void problems.push(toProblem(finding, (at) => markRange(source, rangeAt(root, at, source.text))));
  const node = spellInside(readKeys(raw, stepKeys, `${place}: `, (finding) => report(finding, raw)));
  const mark = (at: At): Mark =>
    markRange(source, rangeAt(node, { ...at, path: spelledPath(node, at.path) }, source.text));
  const value = toValue(node);
  if (!isRecord(value)) return { task: value, place, location, mark };
  const { findings, task: content, ...frame } = splitStep(value, place);
  const { prompt_file: promptFile, ...task } = content;
  for (const finding of [...findings, ...wrongPromptFile(content, place)]) report(finding, node);
  return {
    task,
    place,
    location,
    mark,
    ...frame,
    promptFile: typeof promptFile === 'string' && promptFile !== '' && !hasPrompt(task) ? promptFile : undefined,
  };
}

function placeOf(raw: YamlNode, index: number, source: SourceText): { place: string; location: Mark['location'] } {
  const name = entryOf(raw, 'name')?.node;
  const isNamed = name?.kind === 'scalar' && name.text !== '';
  return {
    place: isNamed ? name.text.slice(0, 64) : `step ${index + 1}`,
    location: markRange(source, raw.range).location,
  };
}

function hasPrompt({ prompt, input }: Record<string, unknown>): boolean {
  return (prompt ?? input ?? undefined) !== undefined;
}

/** What is wrong with the file that holds the prompt. */
function wrongPromptFile(step: Record<string, unknown>, place: string): Finding[] {
  const { prompt_file } = step;
  const findings: Finding[] = [];
  const add = (message: string, at: At, hint?: string): void => {
    findings.push({ code: 'workflow-invalid', message: `${place}: ${message}`, hint, at });
  };
  if (prompt_file === undefined || prompt_file === null) return findings;
  if (typeof prompt_file !== 'string' || prompt_file === '')
    add('prompt_file: must be the name of a file', { path: ['prompt_file'] });
  if (hasPrompt(step)) {
    add(
      "the prompt is given twice, as 'prompt' and as 'prompt_file'",
      { path: ['prompt_file'], part: 'key' },
      'remove one of the two',
    );
  }
  return findings;
}

/** Keys may be spelled with `-` in messages and parameters, too; model options are the server's own words. */
function spellInside(node: YamlNode): YamlNode {
  if (node.kind !== 'map') return node;
  const entries = node.entries.map((entry) => {
    if (entry.key === 'parameters') return { ...entry, node: spellKeys(entry.node, taskSpellings) };
    if (entry.key !== 'messages' || entry.node.kind !== 'list') return entry;
    return { ...entry, node: { ...entry.node, items: entry.node.items.map((item) => spellKeys(item, messageKeys)) } };
  });
  return { ...node, entries };
}

const otherSpellings: Readonly<Record<string, readonly string[]>> = {
  input: ['prompt', 'prompt_file'],
  model_name: ['model'],
};

/** Where a field stands that may be written in several ways. */
function spelledPath(node: YamlNode, path: readonly PropertyKey[]): readonly PropertyKey[] {
  const [first, ...rest] = path;
  if (typeof first !== 'string') return path;
  const spellings = [first, ...(otherSpellings[first] ?? [])];
  const paths = [...spellings.map((key) => [key, ...rest]), ...spellings.map((key) => ['parameters', key, ...rest])];
  return paths.find((each) => hasPath(node, each)) ?? path;
}
