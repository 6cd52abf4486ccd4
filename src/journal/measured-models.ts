import { existsSync } from 'node:fs';
import { catalogue, type ProblemCode } from '../errors/catalogue.ts';
import type { Metrics } from '../events/run-document.ts';
import type { Measured } from '../ollama/fleet.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';
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
  run: string;
  host: string;
  model: string;
  status: string;
  code: string | null;
  attempts: number;
  /** When it ended. */
  at: string;
  metrics: Partial<Metrics>;
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
  const fields = ['host', 'model_used', 'status', 'problem.code', 'attempts', 'at', 'metrics'];
  // All in one call: each goes through the whole body, which may hold a long answer.
  const rows = database
    .prepare(
      `SELECT run_id AS run, json_extract(body, ${fields.map((field) => `'$.${field}'`).join(', ')}) AS found
       FROM events WHERE type = 'task.finished' ORDER BY run_id DESC, seq DESC LIMIT ${ends}`,
    )
    .all() as { run: string; found: string }[];
  return rows.flatMap(({ run, found }) => {
    const [host, model, status, code, attempts, at, metrics] = JSON.parse(found) as Found;
    const isCounted = status === 'completed' || (status === 'failed' && !isNotItsFault(code));
    if (host === null || model === null || !isCounted) return [];
    return [{ run, host, model, status, code, attempts, at, metrics: metrics ?? {} }];
  });
}

type Found = [
  ...[host: string | null, model: string | null, status: string, code: string | null, attempts: number],
  ...[at: string, metrics: Partial<Metrics> | null],
];

function summarize(found: readonly End[]): MeasuredModel[] {
  const groups = groupBy(found, ({ host, model }) => `${host}\n${normalizeModelName(model)}`);
  return groups.flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const completed = group.filter(({ status }) => status === 'completed');
    return withoutUndefined({
      host: first.host,
      model: normalizeModelName(first.model),
      tasks: group.length,
      completed: completed.length,
      tokens_per_second: median(known(group.map(({ metrics }) => metrics.tokens_per_second))),
      ...timesOf(completed.filter(({ attempts, metrics }) => attempts === 1 && metrics.total_ns !== undefined)),
    });
  });
}

/** Of tasks that were done at the first attempt: the others have waited for us, too. */
function timesOf(answers: readonly End[]): Pick<Measured, 'load_ms' | 'answer_ms' | 'prompt_tokens' | 'output_tokens'> {
  const runs = groupBy(answers, ({ run }) => run);
  return {
    load_ms: median(answers.filter(({ metrics }) => metrics.model_loaded === true).map(waitedMs)),
    answer_ms: median(runs.map((each) => busyMs(each) / each.length)),
    prompt_tokens: mean(known(answers.map(({ metrics }) => metrics.prompt_tokens))),
    output_tokens: mean(known(answers.map(({ metrics }) => metrics.output_tokens))),
  };
}

/** For its model to be ready. A server that counts in a time of its own cannot have waited longer than we have. */
function waitedMs({ metrics: { load_ns = 0, first_token_ns = Infinity, total_ns = 0 } }: End): number {
  return Math.min(load_ns, first_token_ns, total_ns) / 1e6;
}

/** The time in which at least one of the answers was being made: with several at once each takes longer, all together less. */
function busyMs(answers: readonly End[]): number {
  const spans = answers.map((end) => {
    const endMs = Date.parse(end.at);
    return { startMs: endMs - (end.metrics.total_ns ?? 0) / 1e6 + waitedMs(end), endMs };
  });
  let seenMs = -Infinity;
  let sum = 0;
  for (const { startMs, endMs } of spans.sort((a, b) => a.startMs - b.startMs)) {
    sum += Math.max(0, endMs - Math.max(startMs, seenMs));
    seenMs = Math.max(seenMs, endMs);
  }
  return sum;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

/** The middle one; undefined of none. */
function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The server was not there, the model is gone, or what was asked for was wrong. */
function isNotItsFault(code: string | null): boolean {
  if (code === null || !Object.hasOwn(catalogue, code)) return false;
  return [2, 3, 4].includes(catalogue[code as ProblemCode].exit);
}
