import { catalogue, type ProblemCode } from '../errors/catalogue.ts';
import type { PlannedTask } from '../events/plan-snapshot.ts';
import type { RunState, TaskState } from '../events/run-state.ts';

/** The exit code of a run that has ended, or broke off where it stands. */
export function exitCode(state: RunState): number {
  const ofRun = exitOfRun(state);
  if (ofRun !== undefined) return ofRun;
  if (state.status === 'completed') return 0;
  const failed = [...state.tasks.values()].filter(isFailure);
  const shared = sharedExit(failed);
  if (shared === 5) return 5;
  const nothingCompleted = state.counts.completed + state.counts.reused === 0;
  return nothingCompleted && (shared === 3 || shared === 4) ? shared : 1;
}

/** Items count with their step, and a failure that is allowed does not. */
function isFailure({ status, parent, continue_on_error }: TaskState): boolean {
  return status === 'failed' && parent === undefined && continue_on_error !== true;
}

/** Problems that are about the run and not about any task of it. */
const aboutRun: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'run-timeout',
  'budget-reached',
  'cancelled',
  'interrupted',
  'terminated',
  'storage-failed',
  'internal',
]);

function exitOfRun({ status, problem }: RunState): number | undefined {
  if (problem && aboutRun.has(problem.code)) return catalogue[problem.code].exit;
  return status === 'cancelled' || status === 'interrupted' ? catalogue.interrupted.exit : undefined;
}

function sharedExit(tasks: readonly TaskState[]): number | undefined {
  const exits = new Set(tasks.map(({ problem }) => (problem ? catalogue[problem.code].exit : 1)));
  const [first] = exits;
  return exits.size === 1 ? first : undefined;
}

/** The exit code of a dry run: that of a run in which just the tasks fail that cannot be started. */
export function planExitCode({ tasks }: { tasks: readonly Pick<PlannedTask, 'problem'>[] }): number {
  const problems = tasks.flatMap(({ problem }) => problem ?? []);
  if (problems.length === 0) return 0;
  const exits = new Set(problems.map(({ code }) => catalogue[code].exit));
  const [first = 1] = exits;
  return problems.length === tasks.length && exits.size === 1 ? first : 1;
}
