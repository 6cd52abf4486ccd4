import type { RunEvent, TaskFinished } from '../events/event.ts';
import type { RunStatus, RunType } from '../events/run-document.ts';
import { reduce } from '../events/reduce.ts';
import type { RunState } from '../events/run-state.ts';
import { takenNs } from '../events/taken-ns.ts';
import type { Host } from '../host/host.ts';
import { journalPath, type Database } from './database.ts';
import { findRun } from './find-run.ts';
import { toModel, type KeptModel, type ModelRow } from './kept-run.ts';
import type { KeptRequest } from './kept-request.ts';
import { withRows } from './read-journal.ts';
import { stillRunning } from './run-problems.ts';
import { readStanding, statusOf, type RunRow } from './stored-run.ts';
import { resultStepOf } from './write-events.ts';

/** A run that is not going on, with all that is needed to go on with it. */
export interface EarlierRun {
  id: string;
  run_type: RunType;
  status: Exclude<RunStatus, 'running'>;
  request: KeptRequest;
  models: KeptModel[];
  /** Number of its last event. */
  seq: number;
  /** How long its parts took. */
  takenMs: number;
  modelLoads: number;
  /** Ids of its tasks, by name. */
  ids: Map<string, string>;
  /** The tasks that have ended, by name. */
  ended: Map<string, TaskFinished>;
  /** The step whose output is the result. */
  resultStep?: string | undefined;
}

/**
 * Reads a run to go on with it.
 * @throws ProblemError `run-active`, `run-unknown`, `run-ambiguous`, `storage-failed`
 */
export function loadEarlierRun(
  ref: string,
  dataDirectory: string,
  host: Pick<Host, 'clock' | 'processes'>,
): Promise<EarlierRun> {
  return withRows({ path: journalPath(dataDirectory) }, 'read', (rows, database) => {
    const row = findRun(rows, ref);
    const status = statusOf(row, host);
    if (status === 'running') throw stillRunning(row);
    if (!database) throw new Error('a run was found in no journal');
    return toEarlierRun(database, row, status);
  });
}

function toEarlierRun(database: Database, row: RunRow, status: EarlierRun['status']): EarlierRun {
  const { id, run_type } = row;
  const { request } = database.prepare('SELECT request FROM runs WHERE id = ?').get(id) as { request: string };
  const run: EarlierRun = {
    ...{ id, run_type, status, models: readModels(database, id) },
    request: JSON.parse(request) as KeptRequest,
    ...{ seq: 0, takenMs: 0, modelLoads: 0, ids: new Map(), ended: new Map() },
  };
  let state: RunState | undefined;
  for (const event of readStanding(database, id)) {
    state = reduce(state, event);
    note(run, event);
  }
  if (state) run.takenMs = takenNs(state) / 1e6;
  const { seq } = database.prepare('SELECT max(seq) AS seq FROM events WHERE run_id = ?').get(id) as { seq: number };
  return { ...run, seq };
}

function note(run: EarlierRun, event: RunEvent): void {
  if ('task_id' in event) run.ids.set(event.task, event.task_id);
  switch (event.type) {
    case 'run.started':
      run.resultStep = resultStepOf(event);
      for (const { task, task_id } of event.plan.tasks) if (task_id !== undefined) run.ids.set(task, task_id);
      return;
    case 'task.finished':
      run.ended.set(event.task, event);
      return;
    case 'run.finished':
      // Of all parts so far.
      run.modelLoads = event.totals.model_loads;
      return;
    default:
      return;
  }
}

function readModels(database: Database, id: string): KeptModel[] {
  const rows = database.prepare('SELECT host, model, digest, facts FROM run_models WHERE run_id = ?').all(id);
  return (rows as ModelRow[]).map(toModel);
}
