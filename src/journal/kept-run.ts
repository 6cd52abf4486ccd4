import type { RunStarted } from '../events/event.ts';
import type { FleetModel } from '../ollama/fleet.ts';
import type { Host } from '../host/host.ts';
import { inTransaction, type Database } from './database.ts';
import { findRun } from './find-run.ts';
import type { KeptRequest } from './kept-request.ts';
import { ownOwner } from './owner.ts';
import { runWentOn, stillRunning } from './run-problems.ts';
import { readRows, statusOf } from './stored-run.ts';

/** A run that is about to begin, or to go on. */
export interface RunToKeep {
  id: string;
  run_type: RunStarted['run_type'];
  request: KeptRequest;
  /** The models it may use, to the digest. */
  models: readonly KeptModel[];
  /** Set when it goes on: it is in the journal. */
  further?: FurtherPart | undefined;
  /** Nobody waits for it: a server that starts goes on with it when it was interrupted. */
  isDetached?: boolean | undefined;
}

/** A model as it was when a run began. */
export interface KeptModel {
  host: string;
  model: string;
  digest: string;
  /** What else is known of it. */
  facts?: ModelFacts | undefined;
}

export type ModelFacts = Pick<FleetModel, 'size_bytes' | 'capabilities' | 'context_length'>;

/** A row of `run_models`. */
export interface ModelRow extends Omit<KeptModel, 'facts'> {
  facts: string | null;
}

/** A model as its row has it. */
export function toModel({ host, model, digest, facts }: ModelRow): KeptModel {
  return { host, model, digest, ...(facts !== null && { facts: JSON.parse(facts) as ModelFacts }) };
}

/** What a further part of a run begins with. */
export interface FurtherPart {
  /** Number of the last event so far. */
  seq: number;
  /** Tasks that had ended and are done again. */
  again: readonly string[];
  /** Output of the result step, where that stays as it is. */
  output?: string | undefined;
}

type Keeper = Pick<Host, 'clock' | 'processes'>;

/** Makes room for a run; one that goes on becomes this process's own. */
export function keepRun(database: Database, run: RunToKeep, host: Keeper): void {
  inTransaction(database, () => {
    if (run.further) claimRun(database, run, run.further, host);
    else insertRun(database, run, host);
    const insertModel = database.prepare(
      'INSERT OR REPLACE INTO run_models (run_id, host, model, digest, facts) VALUES (?, ?, ?, ?, ?)',
    );
    for (const { host: url, model, digest, facts } of run.models) {
      insertModel.run(run.id, url, model, digest, facts ? JSON.stringify(facts) : null);
    }
  });
}

function insertRun(database: Database, run: RunToKeep, { clock, processes }: Keeper): void {
  const { id, run_type, request, isDetached = false } = run;
  const { agent } = request;
  const owner = ownOwner(processes);
  database
    .prepare(
      `INSERT INTO runs (id, run_type, agent, agent_id, owner_machine, owner_pid, owner_started, heartbeat_at, detached, request)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...[id, run_type, agent.name, agent.id ?? null],
      ...[owner.machine, owner.pid, owner.started, Math.round(clock.now()), Number(isDetached)],
      JSON.stringify(request),
    );
}

/** Of several processes that want to go on with a run, the first one here gets it. */
function claimRun(
  database: Database,
  { id, isDetached = false }: RunToKeep,
  { seq, again }: FurtherPart,
  host: Keeper,
): void {
  const row = findRun(readRows(database), id);
  const status = statusOf(row, host);
  if (status === 'running') throw stillRunning(row);
  const last = database.prepare('SELECT max(seq) AS seq FROM events WHERE run_id = ?').get(id) as { seq: number };
  if (last.seq !== seq) throw runWentOn(id, status);
  const owner = ownOwner(host.processes);
  database
    .prepare(
      `UPDATE runs SET status = 'running', owner_machine = ?, owner_pid = ?, owner_started = ?, heartbeat_at = ?,
         detached = ? WHERE id = ?`,
    )
    .run(owner.machine, owner.pid, owner.started, Math.round(host.clock.now()), Number(isDetached), id);
  // A part that died before its first event may have left what it was to do again.
  const left = database.prepare('SELECT again FROM parts WHERE run_id = ? AND seq = ?').get(id, seq);
  const leftAgain = left === undefined ? [] : (JSON.parse((left as { again: string }).again) as string[]);
  database
    .prepare('INSERT OR REPLACE INTO parts (run_id, seq, again) VALUES (?, ?, ?)')
    .run(id, seq, JSON.stringify([...new Set([...leftAgain, ...again])]));
  database.prepare('DELETE FROM cancels WHERE run_id = ?').run(id);
}
