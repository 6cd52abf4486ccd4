import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/journal/database.ts';
import { loadEarlierRun } from '../../../src/journal/load-earlier-run.ts';
import { openRecorder } from '../../../src/journal/open-recorder.ts';
import { completedRun, JournalRig, runToKeep } from './journal-rig.ts';

test('only its owner may read the file, and what is written ahead of it', async () => {
  const rig = new JournalRig();
  const database = await openDatabase(rig.path);
  const modes = ['', '-wal', '-shm'].map((end) => (statSync(`${rig.path}${end}`).mode & 0o777).toString(8));
  expect(modes).toEqual(['600', '600', '600']);
  database.close();
});

test('a file without tables gets them, and one that has them keeps what is in them', async () => {
  const rig = new JournalRig();
  writeFileSync(rig.path, '');
  const recorder = await openRecorder(runToKeep(), rig.directory, rig);
  recorder.close();
  expect(await rig.query('SELECT id, agent FROM runs')).toMatchObject([{ id: 'run-1', agent: 'reviewer' }]);
});

test('a file of a newer version is left alone', async () => {
  const rig = new JournalRig();
  await rig.query('PRAGMA user_version = 99');
  const opening = openRecorder(runToKeep(), rig.directory, rig);
  await expect(opening).rejects.toMatchObject({
    problem: { code: 'storage-failed', message: expect.stringContaining('newer version') as string },
  });
});

test('a file that is no journal is named, with what to do', async () => {
  const rig = new JournalRig();
  writeFileSync(rig.path, 'no database '.repeat(1000));
  const opening = openRecorder(runToKeep(), rig.directory, rig);
  await expect(opening).rejects.toMatchObject({
    problem: {
      message: `cannot open the journal ${rig.path}: it is damaged, or no journal`,
      hint: 'move it away: the next run begins a new one',
    },
  });
});

test('several processes that make the journal at once all get it', async () => {
  const rig = new JournalRig();
  const databases = await Promise.all(Array.from({ length: 5 }, () => openDatabase(rig.path)));
  for (const database of databases) database.close();
  expect(await rig.query('SELECT count(*) AS tables FROM runs')).toMatchObject([{ tables: 0 }]);
});

test('what a process keeps outlives that it, and another process, opened and closed the journal meanwhile', async () => {
  const rig = new JournalRig();
  const [begun, ...others] = completedRun('run-1');
  const recorder = await openRecorder(runToKeep(), rig.directory, rig);
  await recorder.record(begun!);
  expect(await rig.store.list()).toHaveLength(1);
  inAnotherProcess(rig.path, 'SELECT count(*) FROM events');
  const kept = Promise.all(others.map((event) => recorder.record(event)));
  recorder.close();
  await kept;
  expect(inAnotherProcess(rig.path, 'SELECT count(*) FROM events')).toContain(others.length + 1);
});

/** What a process finds that does nothing else with the journal. */
function inAnotherProcess(path: string, sql: string): unknown[] {
  const program = `
    const database = new (require('libsql'))(${JSON.stringify(path)});
    console.log(JSON.stringify(Object.values(database.prepare(${JSON.stringify(sql)}).get())));
    database.close();`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })) as unknown[];
}

test('a file of the first version is brought up to date, and its runs can be shown, gone on with and deleted', async () => {
  const rig = new JournalRig();
  const released = new Libsql(rig.path);
  released.exec(readFileSync(new URL('../../fixtures/journal-version-1.sql', import.meta.url), 'utf8'));
  const insertRun = `INSERT INTO runs (id, run_type, agent, created_at, owner_machine, owner_pid, heartbeat_at, request)
    VALUES ('run-1', 'tasks', 'reviewer', '2026-01-01T00:00:00.000Z', 'elsewhere', 1, 0, ?)`;
  released.prepare(insertRun).run(JSON.stringify(runToKeep().request));
  released.exec(`INSERT INTO run_models VALUES ('run-1', 'http://h', 'llama3.2:latest', 'abc')`);
  for (const event of completedRun('run-1').slice(0, 3)) {
    if (!('seq' in event)) continue;
    released
      .prepare('INSERT INTO events (run_id, seq, type, task, body) VALUES (?, ?, ?, NULL, ?)')
      .run('run-1', event.seq, event.type, JSON.stringify(event));
  }
  released.close();

  expect(await rig.store.get('run-1')).toMatchObject({ status: 'interrupted', totals: { completed: 1 } });
  const earlier = await loadEarlierRun('run-1', rig.directory, rig);
  expect(earlier).toMatchObject({ seq: 3, models: [{ host: 'http://h', model: 'llama3.2:latest', digest: 'abc' }] });
  const further = { seq: 3, again: [] };
  (await openRecorder(runToKeep({ further }), rig.directory, rig)).close();
  rig.die();
  expect(await rig.store.delete(['run-1'])).toEqual(['run-1']);
});
