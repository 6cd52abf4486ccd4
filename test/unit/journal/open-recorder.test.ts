import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/journal/database.ts';
import { openRecorder } from '../../../src/journal/open-recorder.ts';
import { completedRun, JournalRig, runToKeep } from './journal-rig.ts';

test('an event is there for other processes as soon as it is kept', async () => {
  const rig = new JournalRig();
  const recorder = await openRecorder(runToKeep(), rig.directory, rig);
  const [begun, started, ended] = completedRun('run-1');
  await recorder.record(begun!);
  await Promise.all([recorder.record(started!), recorder.record(ended!)]);
  expect(await rig.query('SELECT seq, type, task FROM events')).toMatchObject([
    { seq: 1, type: 'run.started', task: null },
    { seq: 2, type: 'task.started', task: 'one' },
    { seq: 3, type: 'task.finished', task: 'one' },
  ]);
  recorder.close();
});

test('what a model writes piece by piece is not kept', async () => {
  const rig = new JournalRig();
  const [started] = completedRun('run-1');
  const about = { at: started!.at, run_id: 'run-1', task: 'one', task_id: 'id-one' };
  await rig.keep([
    started!,
    { type: 'task.delta', ...about, after: 1, attempt: 1, channel: 'text', offset: 0, text: 'piece' },
  ]);
  expect(await rig.query('SELECT type FROM events')).toHaveLength(1);
});

test('the digests of models are kept', async () => {
  const rig = new JournalRig();
  await rig.keep(completedRun('run-1'), { models: [{ host: 'http://h', model: 'llama3.2:latest', digest: 'abc' }] });
  expect(await rig.query('SELECT host, model, digest FROM run_models')).toMatchObject([
    { host: 'http://h', model: 'llama3.2:latest', digest: 'abc' },
  ]);
});

test('the owner says every ten seconds that it lives, until the run is closed', async () => {
  const rig = new JournalRig();
  const recorder = await openRecorder(runToKeep(), rig.directory, rig);
  const begun = rig.clock.now();
  rig.clock.advance(25_000);
  expect(await rig.query('SELECT heartbeat_at FROM runs')).toMatchObject([{ heartbeat_at: begun + 20_000 }]);
  recorder.close();
  expect(rig.clock.pending).toBe(0);
});

test('an event that cannot be written is a problem that names the file', async () => {
  const rig = new JournalRig();
  const recorder = await openRecorder(runToKeep(), rig.directory, rig);
  const database = await openDatabase(rig.path);
  database.exec('DROP TABLE events');
  database.close();
  await expect(recorder.record(completedRun('run-1')[0]!)).rejects.toMatchObject({
    problem: { code: 'storage-failed', message: expect.stringContaining(`write the journal ${rig.path}`) as string },
  });
  recorder.close();
});
