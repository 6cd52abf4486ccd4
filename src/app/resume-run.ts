// In: a run that was kept. Out: the same run, ready to go on. From the Spec on it is the line of every run.
import { ProblemError } from '../errors/problem.ts';
import { suggest } from '../errors/suggest.ts';
import { loadEarlierRun, type EarlierRun } from '../journal/load-earlier-run.ts';
import { dataDirectory } from '../settings/directories.ts';
import type { Spec } from '../spec/spec.ts';
import { keptTasks, type DoAgain } from './kept-tasks.ts';
import { restoreRequest, restoreSpec } from './restore-request.ts';
import type { RunParts } from './run-to-keep.ts';
import type { RunContext } from './run-context.ts';
import { prepareRun, type PreparedRun } from './start-run.ts';

export interface ResumeOptions {
  /** Servers in place of those the run began with. */
  hosts?: readonly string[] | undefined;
  /** Goes on also when a model is not the one it was. */
  allowChangedModels?: boolean | undefined;
}

export interface RetryOptions extends ResumeOptions {
  /** Does this step and all that follows from it again, and nothing else that has ended. */
  from?: string | undefined;
}

/** A run that is to go on: where it was interrupted, or with what did not succeed. */
export interface FurtherRequest extends RetryOptions {
  goOn: 'resume' | 'retry';
  /** Id of the run, its beginning or end, or `last`. */
  run: string;
}

/**
 * Loads what is kept of a run and plans what is left of it.
 * @throws ProblemError when it cannot go on; nothing was sent then
 */
export async function resumeRun(request: FurtherRequest, context: RunContext): Promise<PreparedRun> {
  const { host, agents, taskTypes } = context;
  const earlier = await loadEarlierRun(request.run, dataDirectory(host), host);
  if (request.goOn === 'resume' && earlier.status !== 'interrupted') throw hasEnded(earlier);
  const spec = restoreSpec(earlier.request.spec, taskTypes);
  const kept = keptTasks(spec.tasks, earlier.ended, whatAgain(request, spec, earlier));
  const isDone = earlier.status !== 'interrupted' && spec.tasks.every(({ name }) => kept.has(name));
  if (isDone) throw hasEnded(earlier);
  const restored = await restore(request, earlier, agents);
  const { allowChangedModels = false } = request;
  return prepareRun({ id: earlier.id, ...restored, spec, further: { earlier, kept, allowChangedModels } }, context);
}

function whatAgain({ goOn, from }: FurtherRequest, { tasks }: Spec, { id }: EarlierRun): DoAgain {
  if (goOn === 'resume') return 'unfinished';
  if (from === undefined) return 'unsuccessful';
  const names = tasks.map(({ name }) => name);
  if (names.includes(from)) return { from };
  const message = `run ${id} has no step '${from}', ${suggest(from, names)}`;
  throw new ProblemError({ code: 'step-unknown', message, hint: `ollama-orchestrate show-run ${id}` });
}

async function restore(
  { goOn, hosts }: FurtherRequest,
  { request }: EarlierRun,
  agents: RunContext['agents'],
): Promise<Pick<RunParts, 'agent' | 'stepAgents' | 'options'>> {
  // A replay asks no server, and needs no secret.
  const { agent, stepAgents, options } =
    'replay' in request.options ? request : await restoreRequest(request, hosts, agents);
  // What is to be done again is not to be had from an earlier run.
  return { agent, stepAgents, options: goOn === 'retry' ? { ...options, reuse: undefined } : options };
}

function hasEnded({ id, status }: EarlierRun): ProblemError {
  const again = `ollama-orchestrate retry-run ${id}`;
  const hint = status === 'completed' ? `do a step again, and what follows from it: ${again} --from STEP` : again;
  const message = status === 'completed' ? `run ${id} has completed` : `run ${id} has ended, it is ${status}`;
  return new ProblemError({ code: 'run-ended', message, hint });
}
