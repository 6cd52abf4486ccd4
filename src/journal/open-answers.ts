import { existsSync } from 'node:fs';
import type { RunEvent, TaskFinished } from '../events/event.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { journalPath, openDatabase } from './database.ts';
import { journalFailed } from './journal-failed.ts';
import { toModel, type KeptModel, type ModelRow } from './kept-run.ts';

/** A question as it was asked: the model by its digest, or where that is not known by its name and server. */
export interface AskedQuestion {
  fingerprint: string;
  host: string;
  model: string;
  digest?: string | undefined;
}

/** The answers of all runs that are kept. */
export interface KeptAnswers {
  /**
   * The newest answer to a question.
   * @param besides the run whose own answers do not count
   * @throws ProblemError `storage-failed`
   */
  find: (question: AskedQuestion, besides: string) => TaskFinished | undefined;
  /** The models of servers as they were last seen. */
  modelsOf: (hosts: readonly string[]) => KeptModel[];
  close: () => void;
}

/**
 * Opens the answers below a data directory; undefined when nothing was ever kept.
 * @throws ProblemError `storage-failed`
 */
export async function openAnswers(dataDirectory: string): Promise<KeptAnswers | undefined> {
  const path = journalPath(dataDirectory);
  if (!existsSync(path)) return undefined;
  const database = await openDatabase(path);
  const select = (condition: string) =>
    database.prepare(
      `SELECT body FROM answers JOIN events USING (run_id, seq) WHERE fingerprint = ? AND ${condition} AND run_id <> ?
       ORDER BY run_id DESC, seq DESC LIMIT 1`,
    );
  const byDigest = select('digest = ?');
  const byName = select('host = ? AND model = ?');
  const lastSeen = database.prepare(
    'SELECT host, model, digest, facts, max(run_id) FROM run_models WHERE host = ? GROUP BY model',
  );
  const read = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw journalFailed('read', path, error);
    }
  };
  return {
    find: ({ fingerprint, host, model, digest }, besides) =>
      read(() => {
        const row = digest
          ? byDigest.get(fingerprint, digest, besides)
          : byName.get(fingerprint, host, normalizeModelName(model), besides);
        return row === undefined ? undefined : toFinished(JSON.parse((row as { body: string }).body) as RunEvent);
      }),
    modelsOf: (hosts) => read(() => hosts.flatMap((host) => (lastSeen.all(host) as ModelRow[]).map(toModel))),
    close: () => database.close(),
  };
}

function toFinished(event: RunEvent): TaskFinished | undefined {
  return event.type === 'task.finished' ? event : undefined;
}
