import { existsSync } from 'node:fs';
import { catalogue, type ProblemCode } from '../errors/catalogue.ts';
import type { Measured } from '../ollama/fleet.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { journalPath, openDatabase, type Database } from './database.ts';

/** How a model on a server did lately. */
export interface MeasuredModel extends Measured {
  host: string;
  /** As {@link normalizeModelName} writes it. */
  model: string;
}

/** So many ends of tasks are looked at, the newest: what was long ago says little. */
const ends = 500;

interface End {
  host: string;
  model: string;
  status: string;
  code: string | null;
  speed: number | null;
}

/**
 * How models did in the runs that are kept; nothing when none are.
 * @throws ProblemError `storage-failed`
 */
export async function readMeasuredModels(dataDirectory: string): Promise<MeasuredModel[]> {
  const path = journalPath(dataDirectory);
  if (!existsSync(path)) return [];
  const database = await openDatabase(path);
  try {
    return summarize(readEnds(database));
  } finally {
    database.close();
  }
}

function readEnds(database: Database): End[] {
  const field = (path: string): string => `json_extract(body, '$.${path}')`;
  return database
    .prepare(
      `SELECT ${field('host')} AS host, ${field('model_used')} AS model, ${field('status')} AS status,
         ${field('problem.code')} AS code, ${field('metrics.tokens_per_second')} AS speed
       FROM (SELECT body FROM events WHERE type = 'task.finished' ORDER BY run_id DESC, seq DESC LIMIT ${ends})
       WHERE host IS NOT NULL AND model IS NOT NULL AND status IN ('completed', 'failed')`,
    )
    .all() as End[];
}

function summarize(found: readonly End[]): MeasuredModel[] {
  const groups = new Map<string, End[]>();
  for (const end of found) {
    if (end.status === 'failed' && isNotItsFault(end.code)) continue;
    const key = `${end.host}\n${normalizeModelName(end.model)}`;
    groups.set(key, [...(groups.get(key) ?? []), end]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const speeds = group.flatMap(({ speed }) => (speed === null ? [] : [speed])).sort((a, b) => a - b);
    const middle = speeds[Math.floor(speeds.length / 2)];
    return {
      host: first.host,
      model: normalizeModelName(first.model),
      tasks: group.length,
      completed: group.filter(({ status }) => status === 'completed').length,
      ...(middle !== undefined && { tokens_per_second: middle }),
    };
  });
}

/** The server was not there, the model is gone, or what was asked for was wrong. */
function isNotItsFault(code: string | null): boolean {
  if (code === null || !Object.hasOwn(catalogue, code)) return false;
  return [2, 3, 4].includes(catalogue[code as ProblemCode].exit);
}
