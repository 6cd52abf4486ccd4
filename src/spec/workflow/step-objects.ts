// In: the steps of a workflow as objects. Out: tasks that are still to be checked, with what a step says besides. Pure.
import type { z } from 'zod';
import type { Problem } from '../../errors/problem.ts';
import { suggest } from '../../errors/suggest.ts';
import { foreignHint, foreignStepKeys } from './foreign-keys.ts';
import { isRecord, type TaskInput } from '../schema.ts';
import type { TaskSource } from '../spec.ts';
import { splitStep } from './step-frame.ts';
import { stepSchema, type frameShape } from './workflow-schema.ts';

/** A step as a user of the library writes it: a task, and when, how often and by whom it is done. */
export type StepInput = TaskInput & { [K in keyof typeof frameShape]?: z.input<(typeof frameShape)[K]> } & {
  needs?: string | readonly string[] | undefined;
};

/** Files are for those who may read any on this machine: a key that names one is none here. */
const known = Object.keys(stepSchema.shape).filter((key) => key !== 'prompt_file');

/** Adds what is wrong with the keys that only a step has. */
export function readSteps(steps: readonly unknown[], problems: Problem[]): TaskSource[] {
  return steps.map((step, index) => readStep(step, `steps.${index}`, problems));
}

function readStep(step: unknown, place: string, problems: Problem[]): TaskSource {
  if (!isRecord(step)) return { task: step, place };
  const entries = Object.entries(step);
  const given = entries.filter(([key]) => known.includes(key));
  const { findings, ...source } = splitStep(Object.fromEntries(given), place);
  for (const [key, value] of entries) {
    if (known.includes(key) || value === undefined) continue;
    const word = foreignStepKeys[key];
    const hint = word
      ? foreignHint(word, word.means !== undefined && !Object.hasOwn(step, word.means), value)
      : suggest(key, known);
    problems.push({ code: 'task-invalid', message: `${place}: unknown key '${key}'`, hint });
  }
  problems.push(...findings.map(({ at: _at, ...problem }): Problem => ({ ...problem, code: 'task-invalid' })));
  return { ...source, place };
}
