// In: the events of a run. Out: the run document that `--json` prints and the library resolves to.
import { toTaskEntry, type RunEvent, type TaskFinished } from './event.ts';
import { reduce } from './reduce.ts';
import type { RunState, TaskState } from './run-state.ts';
import type { PlanSnapshot } from './plan-snapshot.ts';
import type { RunDocument, TaskEntry, TaskResult, Totals } from './run-document.ts';
import { takenNs } from './taken-ns.ts';

/** What a run document is made from: where the run stands, and the entries of the tasks that have ended. */
export interface RunRecord {
  state: RunState;
  finished: Map<string, TaskFinished>;
}

/** The record after one more event; as with {@link reduce} the one given is changed and handed back. */
export function record(before: RunRecord | undefined, event: RunEvent): RunRecord {
  const state = reduce(before?.state, event);
  const finished = before?.finished ?? new Map<string, TaskFinished>();
  if (event.type === 'task.finished') finished.set(event.task, event);
  return { state, finished };
}

/** The whole of a run as it stands; a task that has not ended is shown with its present status. */
export function toRunDocument({ state, finished }: RunRecord): RunDocument {
  const entries = toEntries(state, finished);
  return defined({
    id: state.run_id,
    run_type: state.run_type,
    agent_id: state.agent_id,
    agent: state.agent,
    status: state.status,
    created_at: state.started_at,
    completed_at: state.completed_at,
    ...(state.run_type === 'workflow' ? workflowPart(state, entries) : { tasks: entries }),
    results: entries.filter(isSuccess).map(toResult),
    error: state.error,
    problem: state.problem,
    totals: toTotals(state),
  });
}

/** The step whose output is the result of a workflow that names none. */
export function lastPlanned(plan: PlanSnapshot): string | undefined {
  return plan.tasks.at(-1)?.task;
}

/** Whether a task has an output to show. */
export function isSuccess(entry: Pick<TaskEntry, 'status'>): boolean {
  return entry.status === 'completed' || entry.status === 'reused';
}

function workflowPart(state: RunState, entries: TaskEntry[]): Pick<RunDocument, 'steps' | 'success' | 'output'> {
  const result =
    state.output_step === undefined ? entries.at(-1) : entries.find(({ name }) => name === state.output_step);
  return {
    steps: entries.map((entry) => ({ ...entry, success: isSuccess(entry) })),
    success: state.status === 'completed',
    output: result && isSuccess(result) ? result.output : undefined,
  };
}

function toEntries(state: RunState, finished: RunRecord['finished']): TaskEntry[] {
  const items = new Map<string, TaskEntry[]>();
  const entries: TaskEntry[] = [];
  for (const task of state.tasks.values()) {
    const entry = toEntry(state, task, finished.get(task.name));
    if (task.parent === undefined) entries.push(entry);
    else if (!items.get(task.parent)?.push(entry)) items.set(task.parent, [entry]);
  }
  return items.size === 0 ? entries : entries.map((entry) => defined({ ...entry, items: items.get(entry.name) }));
}

function toEntry(state: RunState, task: TaskState, event: TaskFinished | undefined): TaskEntry {
  // A part of a resumed run begins a task again that an earlier part had ended.
  if (event && event.status === task.status) return defined(toTaskEntry(event));
  const { name, type, input, kind, status } = task;
  return defined({
    id: task.id ?? `${state.run_id}/${name}`,
    name,
    type,
    input,
    status,
    created_at: state.started_at,
    model_used: task.model,
    host: task.host,
    kind,
    reasons: task.reasons.length > 0 ? [...task.reasons] : undefined,
    needs: [...task.needs],
    attempts: task.attempts > 0 ? task.attempts : undefined,
  });
}

function toResult(entry: TaskEntry): TaskResult {
  const { id, output = '', embedding, model_used, metrics = {} } = entry;
  return defined({ task_id: id, output, embedding, model_used, metrics });
}

function toTotals(state: RunState): Totals {
  if (state.completed_at !== undefined) return state.totals;
  const total_ns = takenNs(state);
  return { ...state.totals, duration: `${total_ns / 1e9}s`, total_ns };
}

/** Absent means absent: fields without a value are left out. */
function defined<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as T;
}
