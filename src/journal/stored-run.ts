import type { RunEvent, TaskFinished } from '../events/event.ts';
import { reduce } from '../events/reduce.ts';
import type { RunState } from '../events/run-state.ts';
import type { RunDocument, RunStatus, RunType, Totals } from '../events/run-document.ts';
import type { Problem } from '../errors/problem.ts';
import { lastPlanned, toRunDocument } from '../events/to-run-document.ts';
import type { Host } from '../host/host.ts';
import type { Database } from './database.ts';
import { endOfDead } from './end-of-dead.ts';
import { isAlive } from './owner.ts';

/** A run without its tasks, steps and results. */
export type RunSummary = Omit<RunDocument, 'tasks' | 'steps' | 'results'>;

/** A row of `runs`, without the request. */
export interface RunRow {
  id: string;
  run_type: RunType;
  agent: string;
  agent_id: string | null;
  /** As kept: a run whose process died is still `running` here. */
  status: RunStatus;
  created_at: string;
  completed_at: string | null;
  output: string | null;
  totals: string | null;
  error: string | null;
  problem: string | null;
  owner_machine: string;
  owner_pid: number;
  owner_started: string | null;
  heartbeat_at: number;
  detached: number;
}

const columns = `id, run_type, agent, agent_id, status, created_at, completed_at, output, totals, error, problem,
  owner_machine, owner_pid, owner_started, heartbeat_at, detached`;

type Watcher = Pick<Host, 'clock' | 'processes'>;

/** All runs that have begun, newest first: their ids are sorted by time. */
export function readRows(database: Database): RunRow[] {
  const rows = database.prepare(`SELECT ${columns} FROM runs WHERE created_at IS NOT NULL ORDER BY id DESC`).all();
  return rows as RunRow[];
}

/** The status of a run as it is now: `interrupted` when nobody goes on with it. */
export function statusOf(row: RunRow, { clock, processes }: Watcher): RunStatus {
  if (row.status !== 'running') return row.status;
  const { owner_machine: machine, owner_pid: pid, owner_started: started, heartbeat_at } = row;
  return isAlive({ machine, pid, started, heartbeat_at }, processes, clock.now()) ? 'running' : 'interrupted';
}

/** The durable events of a run behind one of them, as they were kept. */
export function* readEvents(database: Database, id: string, afterSeq = 0): Generator<RunEvent> {
  const rows = database
    .prepare('SELECT body FROM events WHERE run_id = ? AND seq > ? ORDER BY seq')
    .iterate(id, afterSeq);
  for (const row of rows) yield JSON.parse((row as { body: string }).body) as RunEvent;
}

/** The same without the ends of tasks that a further part of the run does again. */
export function* readStanding(database: Database, id: string): Generator<RunEvent> {
  const redone = new Map<string, number>();
  const parts = database.prepare('SELECT seq, again FROM parts WHERE run_id = ? ORDER BY seq').all(id);
  for (const { seq, again } of parts as { seq: number; again: string }[]) {
    for (const task of JSON.parse(again) as string[]) redone.set(task, seq);
  }
  for (const event of readEvents(database, id)) {
    const isRedone = event.type === 'task.finished' && event.seq <= (redone.get(event.task) ?? 0);
    if (!isRedone) yield event;
  }
}

/** The events of a run for those who want to see it; a run whose process died is brought to an end. */
export function* replay(database: Database, row: RunRow, watcher: Watcher): Generator<RunEvent> {
  let state: RunState | undefined;
  let seq = 0;
  for (const event of readStanding(database, row.id)) {
    state = reduce(state, event);
    if ('seq' in event) seq = event.seq;
    yield event;
  }
  if (!state || statusOf(row, watcher) !== 'interrupted' || state.status !== 'running') return;
  const heartbeat = new Date(row.heartbeat_at).toISOString();
  const at = heartbeat > state.last_at ? heartbeat : state.last_at;
  for (const event of endOfDead(state, { at, seq, pid: row.owner_pid })) {
    reduce(state, event);
    yield event;
  }
}

/** How a run stands. One that has ended has it in its row; another is folded, with no more of it in memory than need be. */
export function toSummary(database: Database, row: RunRow, watcher: Watcher): RunSummary {
  return row.status === 'running' ? foldedSummary(database, row, watcher) : summaryOfRow(row);
}

function foldedSummary(database: Database, row: RunRow, watcher: Watcher): RunSummary {
  let state: RunState | undefined;
  let resultStep: string | undefined;
  const finished = new Map<string, TaskFinished>();
  for (const event of replay(database, row, watcher)) {
    state = reduce(state, event);
    if (event.type === 'run.started') resultStep = event.output_step ?? lastPlanned(event.plan);
    if (event.type === 'task.finished' && event.task === resultStep) finished.set(event.task, event);
  }
  if (!state) throw new Error(`run ${row.id} has no events`);
  const { tasks: _tasks, steps: _steps, results: _results, ...summary } = toRunDocument({ state, finished });
  return summary;
}

/** Absent means absent, and the order of the keys is that of the run document. */
function summaryOfRow(row: RunRow): RunSummary {
  const { id, run_type, agent_id, agent, status, created_at, completed_at, output, totals, error, problem } = row;
  return {
    id,
    run_type,
    ...(agent_id !== null && { agent_id }),
    agent,
    status,
    created_at,
    ...(completed_at !== null && { completed_at }),
    ...(run_type === 'workflow' && { success: status === 'completed' }),
    ...(output !== null && { output }),
    ...(error !== null && { error }),
    ...(problem !== null && { problem: JSON.parse(problem) as Problem }),
    totals: JSON.parse(totals ?? '{}') as Totals,
  };
}
