// In: the name of a workflow file. Out: the Spec, or all that is wrong with it. Effects: reads the files it names, and stdin.
import { dirname, isAbsolute, join } from 'node:path';
import { ProblemError, throwProblems, type Problem } from '../../errors/problem.ts';
import { suggest } from '../../errors/suggest.ts';
import type { Host } from '../../host/host.ts';
import { readBytes, readTextFile } from '../../host/read-text.ts';
import { collect } from '../collect.ts';
import { decodeWorkflow } from './decode-workflow.ts';
import { toProblem } from './finding.ts';
import { createPictureReader, loadImages } from '../load-images.ts';
import { loadPipedText } from '../load-piped-text.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';
import type { PlaceholderValues } from '../template/placeholders.ts';
import { compilerFor, type SpecContext } from '../schema-loader.ts';
import { isRecord } from '../schema.ts';
import type { Spec, TaskSource } from '../spec.ts';
import { checkSpec } from '../to-spec.ts';
import { readWorkflow, type WorkflowFile } from './workflow-file.ts';
import type { StepSource } from './workflow-step.ts';
import type { WorkflowVar } from './workflow-vars.ts';

export interface WorkflowRequest {
  /** `-` for standard input. */
  file: string;
  flags?: readonly string[] | undefined;
  tasks?: readonly unknown[] | undefined;
  sequential?: boolean | undefined;
  vars?: Readonly<Record<string, string>> | undefined;
}

/** A workflow file that was looked at. */
export interface CheckedWorkflow {
  /** Absent when nothing can be said about its content. */
  spec?: Spec | undefined;
  /** In the order of the file. */
  problems: Problem[];
  /** What a run can be given, in the order of the file. */
  vars: readonly WorkflowVar[];
}

/** Where files, standard input and variables are read from. */
export interface WorkflowHost extends Pick<Host, 'files' | 'io' | 'env'> {
  /** Whether a workflow may declare variables of the environment; it may unless said. */
  hasEnvironment?: boolean | undefined;
}

/**
 * The Spec of a workflow file, ready to run.
 * @throws ProblemError with all that is wrong
 */
export async function loadWorkflow(request: WorkflowRequest, context: SpecContext, host: WorkflowHost): Promise<Spec> {
  const { file, flags = [], tasks = [], sequential = false, vars = {} } = request;
  if (flags.length + tasks.length > 0) {
    const message = 'the steps are given twice, in a file and besides it';
    throw new ProblemError({ code: 'usage-invalid', message, hint: 'use --file or --steps' });
  }
  const read = await openWorkflow(file, host);
  throwProblems(read.workflow ? [] : read.problems);
  const { workflow, problems } = read;
  if (!workflow) throw new ProblemError({ code: 'workflow-invalid', message: `'${file}' holds no workflow` });
  problems.push(...checkVars(workflow, vars));
  const sources = await loadSteps(workflow, file, host, problems);
  const stdin = await collect(problems, () => loadPipedText(sources, file === '-' ? 'workflow' : undefined, host));
  const values = { vars: valuesOf(workflow, vars), stdin, env: (name: string) => host.env[name] };
  const checked = await toChecked(workflow, problems, { sources, sequential, context, values });
  throwProblems(checked.problems);
  return checked.spec;
}

/** Looks a workflow file over without running it: what is given only to a run counts as given. */
export async function checkWorkflow(file: string, context: SpecContext, host: WorkflowHost): Promise<CheckedWorkflow> {
  const { workflow, problems } = await openWorkflow(file, host);
  if (!workflow) return { problems, vars: [] };
  const sources = await loadSteps(workflow, file, host, problems);
  const values = { vars: valuesOf(workflow, {}), stdin: given, env: () => given };
  const checked = await toChecked(workflow, problems, { sources, sequential: false, context, values });
  return { ...checked, vars: workflow.vars };
}

/** Stands in for a value that is not there, so that prompts that hold it are not empty. */
const given = 'given';

async function openWorkflow(
  file: string,
  host: WorkflowHost,
): Promise<{ workflow?: WorkflowFile | undefined; problems: Problem[] }> {
  const problems: Problem[] = [];
  const source = await collect(problems, async () => decodeWorkflow(await readBytes(file, host), nameOf(file)));
  if (!source) return { problems };
  const { root, problems: faults } = parseYaml(source);
  if (!root) return { problems: faults };
  const read = readWorkflow(root, source);
  return {
    workflow: read.workflow,
    problems: [...faults, ...read.problems, ...refuseEnvironment(read.workflow, host)],
  };
}

function refuseEnvironment(workflow: WorkflowFile | undefined, { hasEnvironment = true }: WorkflowHost): Problem[] {
  if (hasEnvironment || !workflow?.env.length) return [];
  return [{ code: 'workflow-invalid', message: `'env': ${workflow.env.join(', ')} cannot be read from here` }];
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

interface Checks {
  sources: readonly TaskSource[];
  sequential: boolean;
  context: SpecContext;
  values: PlaceholderValues;
}

async function toChecked(
  { vars, env, output, settings }: WorkflowFile,
  found: readonly Problem[],
  { sources, sequential, context, values }: Checks,
): Promise<{ spec: Spec; problems: Problem[] }> {
  const declared = { vars: vars.map(({ name }) => name), env };
  const { taskTypes, loadSchemas } = context;
  const compileSchema = await compilerFor(sources, loadSchemas);
  const { spec, problems } =
    sources.length === 0
      ? { spec: { run_type: 'workflow' as const, tasks: [], sequential }, problems: [] }
      : checkSpec({ run_type: 'workflow', sources, sequential, taskTypes, ...values, declared, compileSchema });
  return { spec: { ...spec, output_step: output, settings }, problems: inFileOrder([...found, ...problems]) };
}

function inFileOrder(problems: readonly Problem[]): Problem[] {
  const place = ({ location: { line, column } = { line: Infinity, column: 0 } }: Problem) => [line, column] as const;
  return problems.toSorted((a, b) => {
    const [[line, column], [otherLine, otherColumn]] = [place(a), place(b)];
    return line === otherLine ? column - otherColumn : line < otherLine ? -1 : 1;
  });
}

/** Values that are missing, and values nothing asks for. */
function checkVars({ vars, mark }: WorkflowFile, values: Readonly<Record<string, string>>): Problem[] {
  const names = vars.map(({ name }) => name);
  const missing = vars.filter(({ name, value }) => value === undefined && !Object.hasOwn(values, name));
  const unknown = Object.keys(values).filter((name) => !names.includes(name));
  return [
    ...unknown.map((name): Problem => {
      const message = `--var ${name}: the workflow declares no variable of this name`;
      return { code: 'usage-invalid', message, hint: suggest(name, names) };
    }),
    ...missing.map(({ name, description }) => {
      const message = `the variable '${name}' has no value${description === undefined ? '' : `: ${description}`}`;
      const at = { path: ['vars', name], part: 'key' } as const;
      return toProblem({ code: 'placeholder-unset', message, hint: `add --var ${name}=…`, at }, mark);
    }),
  ];
}

function valuesOf({ vars }: WorkflowFile, values: Readonly<Record<string, string>>): Record<string, string> {
  return { ...Object.fromEntries(vars.map(({ name, value }) => [name, value ?? given])), ...values };
}

/** The steps with what the files hold that they name. */
async function loadSteps(
  { steps }: WorkflowFile,
  file: string,
  host: WorkflowHost,
  problems: Problem[],
): Promise<TaskSource[]> {
  const resolve = (path: string): string => (isAbsolute(path) || file === '-' ? path : join(dirname(file), path));
  const readPicture = createPictureReader(host);
  const sources: TaskSource[] = [];
  for (const step of steps) {
    const found: Problem[] = [];
    const task = await collect(found, () => loadImages(step.task, (path) => readPicture(resolve(path))));
    problems.push(...found.map((problem) => toProblem({ ...problem, at: { path: ['images'] } }, step.mark)));
    sources.push(await withPrompt({ ...step, task: task ?? withoutImages(step.task) }, resolve, host, problems));
  }
  return sources;
}

async function withPrompt(
  { promptFile, ...step }: StepSource,
  resolve: (path: string) => string,
  host: WorkflowHost,
  problems: Problem[],
): Promise<TaskSource> {
  if (promptFile === undefined || !isRecord(step.task)) return step;
  const found: Problem[] = [];
  const input = await collect(found, () => readTextFile(resolve(promptFile), host));
  problems.push(...found.map((problem) => toProblem({ ...problem, at: { path: ['prompt_file'] } }, step.mark)));
  return { ...step, task: { ...step.task, input: input ?? given }, literal: true };
}

/** A task as if it named no pictures: those that cannot be read are told already. */
function withoutImages(task: unknown): unknown {
  if (!isRecord(task)) return task;
  const { images: _images, parameters: _parameters, messages, ...rest } = task;
  return { ...rest, ...(Array.isArray(messages) && { messages: messages.map(withoutImages) }) };
}
