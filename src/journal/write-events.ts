import type { RunEvent, RunFinished, RunStarted, TaskFinished } from '../events/event.ts';
import { isSuccess, lastPlanned } from '../events/to-run-document.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { inTransaction, type Database } from './database.ts';

/**
 * Writes durable events of one run with what follows from them, all or none.
 * @param output of the result step, where an earlier part has it
 */
export function createWriter(database: Database, output: string | null = null): (events: readonly RunEvent[]) => void {
  const insert = database.prepare('INSERT INTO events (run_id, seq, type, task, body) VALUES (?, ?, ?, ?, ?)');
  const insertAnswer = database.prepare(
    'INSERT INTO answers (fingerprint, digest, run_id, seq, host, model) VALUES (?, ?, ?, ?, ?, ?)',
  );
  let resultStep: string | undefined;
  const keepAnswer = (event: TaskFinished): void => {
    const { fingerprint, model_digest: digest, run_id, seq, host = '', model_used = '' } = event;
    if (fingerprint && digest) {
      insertAnswer.run(fingerprint, digest, run_id, seq, host, normalizeModelName(model_used));
    }
  };
  const follow = (event: Followed): void => {
    switch (event.type) {
      case 'run.started':
        resultStep = resultStepOf(event);
        return startRun(database, event);
      case 'task.finished':
        if (event.task === resultStep) output = outputOf(event);
        return isSuccess(event) ? keepAnswer(event) : undefined;
      case 'run.finished':
        return finishRun(database, event, output);
    }
  };
  const keep = (event: RunEvent): void => {
    if (!('seq' in event)) return;
    const task = 'task' in event ? event.task : null;
    insert.run(event.run_id, event.seq, event.type, task, JSON.stringify(event));
    if (isFollowed(event)) follow(event);
  };
  return (events) => inTransaction(database, () => events.forEach(keep));
}

/** Events with which more changes than the list of events. */
type Followed = RunStarted | TaskFinished | RunFinished;

function isFollowed(event: RunEvent): event is Followed {
  return event.type === 'run.started' || event.type === 'task.finished' || event.type === 'run.finished';
}

/** The step whose output is the result of the run; a run of tasks has none. */
export function resultStepOf({
  run_type,
  output_step,
  plan,
}: Pick<RunStarted, 'run_type' | 'output_step' | 'plan'>): string | undefined {
  return run_type === 'workflow' ? (output_step ?? lastPlanned(plan)) : undefined;
}

function outputOf(event: TaskFinished): string | null {
  return isSuccess(event) ? (event.output ?? null) : null;
}

/** A further part of a run makes it a running one again; it began when its first part did. */
function startRun(database: Database, { run_id, at }: RunStarted): void {
  database
    .prepare(`UPDATE runs SET status = 'running', created_at = coalesce(created_at, ?) WHERE id = ?`)
    .run(at, run_id);
}

function finishRun(database: Database, event: RunFinished, output: string | null): void {
  const { status, at, totals, error = null, problem, run_id } = event;
  database
    .prepare(
      `UPDATE runs SET status = ?, completed_at = ?, output = ?, totals = ?, error = ?, problem = ? WHERE id = ?`,
    )
    .run(status, at, output, JSON.stringify(totals), error, problem ? JSON.stringify(problem) : null, run_id);
  database.prepare('DELETE FROM cancels WHERE run_id = ?').run(run_id);
}
