// In: what was asked for, as flags, a file or objects. Out: the Spec. Effects: reads the files it names, and stdin.
import { throwProblems, type Problem } from '../errors/problem.ts';
import type { RunType } from '../events/run-document.ts';
import { readStdin, readTextFile } from '../host/read-text.ts';
import { parseStepFlag, parseTaskFlag, type TaskFlag } from './flags.ts';
import { collect } from './collect.ts';
import { createPictureReader, loadImages } from './load-images.ts';
import { loadPipedText } from './load-piped-text.ts';
import type { WorkflowHost } from './workflow/load-workflow.ts';
import { compilerFor, type SpecContext } from './schema-loader.ts';
import type { Spec, TaskSource } from './spec.ts';
import { parseTasksFile } from './tasks-file.ts';
import type { StepInput } from './workflow/step-objects.ts';
import { toSpec } from './to-spec.ts';

export interface SpecRequest {
  run_type: RunType;
  /** Values of `--tasks` or `--steps`. */
  flags?: readonly string[] | undefined;
  /** A tasks file, or a workflow file; `-` for standard input. */
  file?: string | undefined;
  /** Tasks or steps as objects. */
  tasks?: readonly StepInput[] | undefined;
  sequential?: boolean | undefined;
  /** Placeholders of tasks stay as they were typed: nothing is read or waited for that they stand for. */
  asTyped?: boolean | undefined;
  vars?: Readonly<Record<string, string>> | undefined;
}

/** What a Spec may be read from. */
export type SpecHost = WorkflowHost;

export async function loadSpec(request: SpecRequest, context: SpecContext, host: SpecHost): Promise<Spec> {
  const { run_type, sequential = false, asTyped = false, vars = {} } = request;
  if (run_type === 'workflow' && request.file !== undefined) {
    const { loadWorkflow } = await import('./workflow/load-workflow.ts');
    return loadWorkflow({ ...request, file: request.file }, context, host);
  }
  const problems: Problem[] = [];
  const faults: Problem[] = [];
  const sources = [
    ...(await loadFlags(request, host, problems)),
    ...(await loadFile(request, host, problems)),
    ...(await fromObjects(request, faults)),
  ];
  throwProblems(problems);
  const stdin = asTyped ? undefined : await loadPipedText(sources, request.file === '-' ? 'tasks' : undefined, host);
  const compileSchema = await compilerFor(sources, context.loadSchemas);
  const values = { vars, stdin, env: (name: string) => host.env[name], compileSchema };
  const { taskTypes } = context;
  return toSpec({ run_type, sources, sequential, asTyped, taskTypes, ...values }, faults);
}

async function loadFlags(
  { run_type, flags = [] }: SpecRequest,
  host: SpecHost,
  problems: Problem[],
): Promise<TaskSource[]> {
  const parse = run_type === 'workflow' ? parseStepFlag : parseTaskFlag;
  const noun = run_type === 'workflow' ? 'step' : 'task';
  const sources: TaskSource[] = [];
  for (const [index, value] of flags.entries()) {
    const source = await collect(problems, () => loadFlag(parse(value), `${noun} ${index + 1}`, host));
    if (source) sources.push(source);
  }
  return sources;
}

async function loadFlag({ type, name, prompt }: TaskFlag, place: string, host: SpecHost): Promise<TaskSource> {
  const named = name === undefined ? {} : { name };
  if ('text' in prompt) return { task: { ...named, type, input: prompt.text }, place };
  return { task: { ...named, type, input: await readTextFile(prompt.file, host) }, place, literal: true };
}

/** The tasks of a file; `@picture.png` in their images stands for the bytes of that file. */
async function loadFile({ file }: SpecRequest, host: SpecHost, problems: Problem[]): Promise<TaskSource[]> {
  if (file === undefined) return [];
  const parsed = await collect(problems, async () =>
    file === '-'
      ? parseTasksFile(await readStdin(host.io.stdin), 'standard input')
      : parseTasksFile(await readTextFile(file, host), file),
  );
  const read = createPictureReader(host);
  const sources: TaskSource[] = [];
  for (const source of parsed ?? []) {
    const task = await collect(problems, () => loadImages(source.task, read));
    sources.push({ ...source, task });
  }
  return sources;
}

/** Adds what is wrong with the form of steps; all of their other problems can still be found. */
async function fromObjects({ run_type, tasks = [] }: SpecRequest, problems: Problem[]): Promise<TaskSource[]> {
  if (run_type === 'tasks' || tasks.length === 0)
    return tasks.map((task, index) => ({ task, place: `tasks.${index}` }));
  const { readSteps } = await import('./workflow/step-objects.ts');
  return readSteps(tasks, problems);
}
