import type { Problem } from '../errors/problem.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunState, TaskState } from '../events/run-state.ts';
import { takenNs } from '../events/taken-ns.ts';
import { formatGoDuration } from '../lib/go-duration.ts';

/** When and where a run was last seen alive. */
export interface LastSign {
  at: string;
  /** Number of the last event that was kept. */
  seq: number;
  pid: number;
}

/**
 * What a run whose process died would have said, had a signal stopped it then. For views only, never kept: whoever goes
 * on with the run needs to know what really happened.
 * @param state where the kept events leave the run; to be folded with each of these before the next one is taken
 */
export function* endOfDead(state: RunState, { at, seq, pid }: LastSign): Generator<RunEvent> {
  const problem: Problem = {
    code: 'interrupted',
    message: `process ${pid}, which did this run, ended before it was done`,
  };
  const { run_id } = state;
  const open = [...state.tasks.values()].filter(({ status }) => status === 'pending' || status === 'running');
  for (const task of open) yield { ...cancelled(task, state, problem), type: 'task.finished', run_id, at, seq: ++seq };
  const total_ns = takenNs(state, at);
  const totals = { ...state.totals, duration: formatGoDuration(total_ns), total_ns };
  const { message: error } = problem;
  yield { type: 'run.finished', run_id, at, seq: ++seq, status: 'interrupted', totals, error, problem };
}

function cancelled(task: TaskState, { run_id, started_at, last_at }: RunState, problem: Problem) {
  const { name, id, type, input, kind, needs, model, host, reasons, attempts } = task;
  return {
    task: name,
    task_id: id ?? `${run_id}/${name}`,
    task_type: type,
    input,
    status: 'cancelled' as const,
    created_at: started_at,
    completed_at: last_at,
    ...(attempts > 0 && { model_used: model, host, reasons: [...reasons] }),
    kind,
    needs: [...needs],
    attempts,
    error: problem.message,
    problem: { ...problem, task: name },
  };
}
