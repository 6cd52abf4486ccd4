// In: what was asked for, as flags, a file or objects. Out: the Spec. Effects: reads the files it names, and stdin.
import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import type { RunType } from '../events/run-document.ts';
import type { Host } from '../host/host.ts';
import { readFile, readStdin, readTextFile } from '../host/read-text.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import { parseStepFlag, parseTaskFlag, type TaskFlag } from './flags.ts';
import { isRecord, type TaskInput } from './schema.ts';
import type { Spec, TaskSource } from './spec.ts';
import { parseTasksFile } from './tasks-file.ts';
import { toSpec } from './to-spec.ts';

export interface SpecRequest {
  run_type: RunType;
  /** Values of `--tasks` or `--steps`. */
  flags?: readonly string[] | undefined;
  /** A tasks file; `-` for standard input. */
  file?: string | undefined;
  /** Tasks as objects. */
  tasks?: readonly TaskInput[] | undefined;
  sequential?: boolean | undefined;
  vars?: Readonly<Record<string, string>> | undefined;
}

type SpecHost = Pick<Host, 'files' | 'io' | 'env'>;

export async function loadSpec(
  request: SpecRequest,
  taskTypes: readonly TaskDefinition[],
  host: SpecHost,
): Promise<Spec> {
  const { run_type, sequential = false, vars = {} } = request;
  const sources = [...(await loadFlags(request, host)), ...(await loadFile(request, host)), ...fromObjects(request)];
  const stdin = await loadPipedText(sources, request.file, host);
  return toSpec({ run_type, sources, sequential, taskTypes, vars, stdin, env: (name) => host.env[name] });
}

async function loadFlags({ run_type, flags = [] }: SpecRequest, host: SpecHost): Promise<TaskSource[]> {
  const parse = run_type === 'workflow' ? parseStepFlag : parseTaskFlag;
  const noun = run_type === 'workflow' ? 'step' : 'task';
  const problems: Problem[] = [];
  const sources: TaskSource[] = [];
  for (const [index, value] of flags.entries()) {
    try {
      sources.push(await loadFlag(parse(value), `${noun} ${index + 1}`, host));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
    }
  }
  throwProblems(problems);
  return sources;
}

async function loadFlag({ type, name, prompt }: TaskFlag, place: string, host: SpecHost): Promise<TaskSource> {
  const named = name === undefined ? {} : { name };
  if ('text' in prompt) return { task: { ...named, type, input: prompt.text }, place };
  return { task: { ...named, type, input: await readTextFile(prompt.file, host) }, place, literal: true };
}

async function loadFile({ file }: SpecRequest, host: SpecHost): Promise<TaskSource[]> {
  if (file === undefined) return [];
  const text = file === '-' ? await readStdin(host.io.stdin) : await readTextFile(file, host);
  const sources = parseTasksFile(text, file === '-' ? 'standard input' : file);
  return Promise.all(sources.map((source) => loadImages(source, host)));
}

/** `@picture.png` in `images` stands for the bytes of that file. */
async function loadImages(source: TaskSource, host: SpecHost): Promise<TaskSource> {
  const { task } = source;
  if (!isRecord(task) || !Array.isArray(task.images)) return source;
  const images = await Promise.all(
    task.images.map(async (image: unknown) => {
      if (typeof image !== 'string' || !image.startsWith('@')) return image;
      return Buffer.from(await readFile(image.slice(1), host)).toString('base64');
    }),
  );
  return { ...source, task: { ...task, images } };
}

function fromObjects({ run_type, tasks = [] }: SpecRequest): TaskSource[] {
  const noun = run_type === 'workflow' ? 'steps' : 'tasks';
  return tasks.map((task, index) => ({ task, place: `${noun}.${index}` }));
}

/** Standard input is read only when a prompt asks for it: a terminal would wait for ever. */
async function loadPipedText(
  sources: readonly TaskSource[],
  file: string | undefined,
  host: SpecHost,
): Promise<string | undefined> {
  if (!sources.some(usesStdin)) return undefined;
  if (file === '-') {
    const message = 'standard input holds the tasks, so {{stdin}} cannot be used in them';
    throw new ProblemError({ code: 'usage-invalid', message, hint: 'put the tasks into a file: --tasks-file FILE' });
  }
  return host.io.stdin.isTTY === true ? undefined : readStdin(host.io.stdin);
}

function usesStdin({ task, literal }: TaskSource): boolean {
  if (!isRecord(task) || literal === true) return false;
  return [task.input, task.prompt, task.system].some(
    (text) => typeof text === 'string' && /\{\{[ \t]*stdin[ \t]*\}\}/.test(text),
  );
}
