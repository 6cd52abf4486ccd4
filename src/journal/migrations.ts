/**
 * The tables, as the steps that lead to them: a file remembers how many it has seen. A step that was released is never
 * changed; what comes later is a step of its own.
 *
 * runs        what was asked for, whose it is, and how it ended
 * run_models  which model, to the digest, each task could have gone to
 * events      the durable events: plans, answers and metrics are in them
 */
export const migrations: readonly string[] = [
  `CREATE TABLE runs (
     id TEXT PRIMARY KEY,
     run_type TEXT NOT NULL,
     agent TEXT NOT NULL,
     agent_id TEXT,
     -- 'running' until run.finished was kept: whether that is still true, the owner tells.
     status TEXT NOT NULL DEFAULT 'running',
     -- Time of the first run.started; before that there is nothing to show.
     created_at TEXT,
     completed_at TEXT,
     output TEXT,
     totals TEXT,
     error TEXT,
     problem TEXT,
     owner_machine TEXT NOT NULL,
     owner_pid INTEGER NOT NULL,
     owner_started TEXT,
     heartbeat_at INTEGER NOT NULL,
     -- Last, since it may be long: what stands before it is read without it.
     request TEXT NOT NULL
   );
   CREATE TABLE run_models (
     run_id TEXT NOT NULL,
     host TEXT NOT NULL,
     model TEXT NOT NULL,
     digest TEXT NOT NULL,
     PRIMARY KEY (run_id, host, model)
   ) WITHOUT ROWID;
   CREATE TABLE events (
     run_id TEXT NOT NULL,
     seq INTEGER NOT NULL,
     type TEXT NOT NULL,
     task TEXT,
     body TEXT NOT NULL,
     PRIMARY KEY (run_id, seq)
   );`,
];
