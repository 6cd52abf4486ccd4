// In: the events of a run, one by one. Out: where the run stands. Every view and the exit code read this and nothing else.
import type { RunEvent, RunFinished, RunStarted, TaskExpanded, TaskFinished, TaskStarted } from './event.ts';
import type { PlannedTask } from './plan-snapshot.ts';
import type { TaskStatus, Totals } from './run-document.ts';
import type { HostState, RunState, TaskState } from './run-state.ts';
import { takenNs } from './taken-ns.ts';

/**
 * The state after one more event, in constant time. For that the state given is changed and handed back: there is one
 * object per run, and whoever wants yesterday's must copy it.
 */
export function reduce(state: RunState | undefined, event: RunEvent): RunState {
  if (event.type === 'run.started') return start(state, event);
  if (!state) throw new Error(`a run begins with run.started, not with ${event.type}`);
  state.last_at = event.at;
  switch (event.type) {
    case 'host.changed':
      state.hosts.set(event.host, { state: event.state, problem: event.problem });
      return state;
    case 'run.finished':
      return finishRun(state, event);
    case 'task.expanded':
      return expand(state, event);
    default:
      return reduceTask(state, event);
  }
}

type TaskEvent = Exclude<RunEvent, { type: 'run.started' | 'run.finished' | 'host.changed' | 'task.expanded' }>;

function reduceTask(state: RunState, event: TaskEvent): RunState {
  const task = taskOf(state, event.task);
  task.id = event.task_id;
  switch (event.type) {
    case 'task.delta':
      task.pieces += 1;
      task.first_piece_at ??= event.at;
      return state;
    case 'task.waiting':
      task.waiting = { for: event.for, detail: event.detail };
      return state;
    case 'task.started':
      return startAttempt(state, task, event);
    case 'task.retrying':
      task.retry = { problem: event.problem, at: event.at, delay_ns: event.delay_ns };
      task.waiting = { for: 'retry', detail: '' };
      setStatus(state, task, 'pending');
      return state;
    case 'task.finished':
      return finishTask(state, task, event);
  }
}

/** The first part of a run, or a further one: then what is done stays done and the rest begins again. */
function start(before: RunState | undefined, event: RunStarted): RunState {
  const state: RunState = {
    run_id: event.run_id,
    version: event.version,
    run_type: event.run_type,
    agent: event.agent,
    agent_id: event.agent_id,
    output_step: event.output_step,
    status: 'running',
    started_at: before?.started_at ?? event.at,
    part_started_at: event.at,
    earlier_ns: before ? takenNs(before) : 0,
    last_at: event.at,
    tasks: new Map(),
    running: new Set(),
    retrying: new Set(),
    pending: new Set(),
    counts: { pending: 0, running: 0, completed: 0, failed: 0, skipped: 0, cancelled: 0, reused: 0 },
    hosts: before?.hosts ?? new Map<string, HostState>(),
    totals: emptyTotals(),
  };
  for (const planned of event.plan.tasks) addTask(state, newTask(planned));
  for (const task of before?.tasks.values() ?? []) {
    if (task.status === 'completed' || task.status === 'reused') keepTask(state, task);
  }
  return state;
}

function newTask(planned: PlannedTask): TaskState {
  return {
    name: planned.task,
    id: planned.task_id,
    type: planned.type,
    input: planned.input,
    kind: planned.kind,
    needs: planned.needs,
    continue_on_error: planned.continue_on_error,
    status: 'pending',
    preferred_model: planned.candidates[0]?.model,
    reasons: [],
    attempts: 0,
    pieces: 0,
    warnings: planned.warnings ?? [],
  };
}

function addTask(state: RunState, task: TaskState): void {
  state.tasks.set(task.name, task);
  if (!task.parent) {
    state.counts[task.status] += 1;
    state.totals.tasks += 1;
  }
  if (task.status === 'pending') state.pending.add(task);
}

/** Takes over a task that an earlier part of the run has done. */
function keepTask(state: RunState, done: TaskState): void {
  const planned = state.tasks.get(done.name);
  if (planned) {
    const { status } = done;
    Object.assign(planned, done, { status: 'pending' });
    setStatus(state, planned, status);
    addMetrics(state, planned);
  } else {
    addTask(state, done);
    addMetrics(state, done);
  }
}

/** Items that an earlier part has done stay as they are. All of them come in their order, behind the tasks of the plan. */
function expand(state: RunState, { task: name, items, at }: TaskExpanded): RunState {
  const parent = taskOf(state, name);
  Object.assign(parent, { items, items_ended: 0, waiting: undefined, started_at: parent.started_at ?? at });
  setStatus(state, parent, 'running');
  for (let index = 0; index < items; index += 1) {
    const item = `${name}[${index}]`;
    const done = state.tasks.get(item);
    state.tasks.delete(item);
    addTask(state, done ?? newItem(parent, item));
    if (done && isEnding(done.status)) parent.items_ended = (parent.items_ended ?? 0) + 1;
  }
  return state;
}

function newItem(parent: TaskState, name: string): TaskState {
  const { type, input, kind, needs, preferred_model } = parent;
  const planned = { type, input, kind, needs, preferred_model, name, parent: parent.name };
  return { ...planned, status: 'pending', reasons: [], attempts: 0, pieces: 0, warnings: [] };
}

function startAttempt(state: RunState, task: TaskState, event: TaskStarted): RunState {
  setStatus(state, task, 'running');
  task.attempts = event.attempt;
  task.model = event.model;
  task.host = event.host;
  task.reasons = event.reasons;
  task.started_at ??= event.at;
  task.attempt_at = event.at;
  task.first_piece_at = undefined;
  task.pieces = 0;
  task.waiting = undefined;
  return state;
}

function finishTask(state: RunState, task: TaskState, event: TaskFinished): RunState {
  setStatus(state, task, event.status);
  task.waiting = undefined;
  task.completed_at = event.completed_at ?? event.at;
  task.model = event.model_used ?? task.model;
  task.host = event.host ?? task.host;
  task.kind = event.kind ?? task.kind;
  task.reasons = event.reasons ?? task.reasons;
  task.attempts = event.attempts ?? task.attempts;
  task.done_reason = event.done_reason;
  task.metrics = event.metrics;
  task.warnings = event.warnings ?? [];
  task.problem = event.problem;
  addMetrics(state, task);
  return state;
}

function finishRun(state: RunState, event: RunFinished): RunState {
  state.status = event.status;
  state.completed_at = event.at;
  state.totals = event.totals;
  state.error = event.error;
  state.problem = event.problem;
  return state;
}

function setStatus(state: RunState, task: TaskState, status: TaskStatus): void {
  const parent = task.parent === undefined ? undefined : state.tasks.get(task.parent);
  if (parent?.items_ended !== undefined) parent.items_ended += Number(isEnding(status)) - Number(isEnding(task.status));
  if (!task.parent) {
    state.counts[task.status] -= 1;
    state.counts[status] += 1;
    if (isEnding(task.status)) state.totals[task.status] -= 1;
    if (isEnding(status)) state.totals[status] += 1;
  }
  for (const set of [state.running, state.retrying, state.pending]) set.delete(task);
  if (status === 'running') state.running.add(task);
  if (status === 'pending') (task.retry ? state.retrying : state.pending).add(task);
  task.status = status;
}

function isEnding(status: TaskStatus): status is Exclude<TaskStatus, 'pending' | 'running'> {
  return status !== 'pending' && status !== 'running';
}

/** What a template step cost is what its items cost. */
function addMetrics({ totals }: RunState, { metrics, status, items }: TaskState): void {
  if (!metrics || status === 'reused' || items !== undefined) return;
  totals.prompt_tokens += metrics.prompt_tokens ?? 0;
  totals.output_tokens += metrics.output_tokens ?? 0;
}

function taskOf(state: RunState, name: string): TaskState {
  const task = state.tasks.get(name);
  if (!task) throw new Error(`task '${name}' is not in the plan of run ${state.run_id}`);
  return task;
}

function emptyTotals(): Totals {
  const none = { tasks: 0, completed: 0, failed: 0, skipped: 0, cancelled: 0, reused: 0 };
  return { ...none, model_loads: 0, prompt_tokens: 0, output_tokens: 0, duration: '0s', total_ns: 0 };
}
