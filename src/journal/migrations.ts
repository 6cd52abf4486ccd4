/**
 * The tables, as the steps that lead to them: a file remembers how many it has seen. A step that was released is never
 * changed; what comes later is a step of its own.
 *
 * runs        what was asked for, whose it is, and how it ended
 * run_models  which model, to the digest, each task could have gone to
 * events      the durable events: plans, answers and metrics are in them
 * parts       what the further parts of a run do again
 * cancels     runs that somebody wants to end; apart from `runs`, so that looking there costs next to nothing
 * answers     where the answer to a question stands: by what was asked and the model's digest, the newest run last
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
  `CREATE TABLE parts (
     run_id TEXT NOT NULL,
     -- The last event before this part.
     seq INTEGER NOT NULL,
     -- Names of the tasks that had ended and are done again, as a JSON list.
     again TEXT NOT NULL,
     PRIMARY KEY (run_id, seq)
   ) WITHOUT ROWID;
   CREATE TABLE cancels (
     run_id TEXT PRIMARY KEY,
     requested_at INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE answers (
     fingerprint TEXT NOT NULL,
     digest TEXT NOT NULL,
     run_id TEXT NOT NULL,
     seq INTEGER NOT NULL,
     host TEXT NOT NULL,
     model TEXT NOT NULL,
     PRIMARY KEY (fingerprint, digest, run_id, seq)
   ) WITHOUT ROWID;
   CREATE INDEX answers_of_run ON answers (run_id);
   -- What else a survey told of the model, as JSON: with no server there, a plan is made from it.
   ALTER TABLE run_models ADD COLUMN facts TEXT;`,
  // 1: nobody waits for the run; a server that starts goes on with it when it was interrupted.
  'ALTER TABLE runs ADD COLUMN detached INTEGER NOT NULL DEFAULT 0',
];
