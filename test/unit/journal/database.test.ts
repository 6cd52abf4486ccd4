import { statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/journal/database.ts';
import { openRecorder } from '../../../src/journal/open-recorder.ts';
import { JournalRig, runToKeep } from './journal-rig.ts';

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
