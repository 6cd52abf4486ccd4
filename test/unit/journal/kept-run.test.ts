import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/events/event.ts';
import { loadEarlierRun } from '../../../src/journal/load-earlier-run.ts';
import { openRecorder } from '../../../src/journal/open-recorder.ts';
import { brokenOffRun, completedRun, JournalRig, runToKeep } from './journal-rig.ts';

const further = (seq: number, again: string[] = []) => runToKeep({ further: { seq, again } });

/** A rig whose journal holds a run that broke off after its fourth event. */
async function afterDeath(): Promise<JournalRig> {
  const rig = new JournalRig();
  await rig.keep(brokenOffRun('run-1'));
  rig.die();
  return rig;
}

describe('a run that goes on', () => {
  test('becomes the own of the process that goes on with it, and is running again', async () => {
    const rig = await afterDeath();
    await rig.query(`UPDATE runs SET owner_pid = 1`);
    (await openRecorder(further(4), rig.directory, rig)).close();
    expect(await rig.query('SELECT status, owner_pid FROM runs')).toMatchObject([
      { status: 'running', owner_pid: process.pid },
    ]);
  });

  test('goes on in one process only: the other is told which', async () => {
    const rig = await afterDeath();
    const first = await openRecorder(further(4), rig.directory, rig);
    rig.running.add(process.pid);
    await expect(openRecorder(further(4), rig.directory, rig)).rejects.toMatchObject({
      problem: {
        code: 'run-active',
        message: expect.stringContaining(`run run-1 is still going on, in process ${process.pid} on `) as string,
      },
    });
    first.close();
  });

  test('is not done twice when another process was quicker and is through with it', async () => {
    const rig = await afterDeath();
    await expect(openRecorder(further(3), rig.directory, rig)).rejects.toMatchObject({
      problem: {
        code: 'run-ended',
        message: expect.stringContaining('another process went on with run run-1') as string,
      },
    });
  });

  test('keeps what its models are now', async () => {
    const rig = await afterDeath();
    await rig.query(
      `INSERT INTO run_models (run_id, host, model, digest) VALUES ('run-1', 'http://h', 'm:latest', 'old')`,
    );
    const run = { ...further(4), models: [{ host: 'http://h', model: 'm:latest', digest: 'new' }] };
    (await openRecorder(run, rig.directory, rig)).close();
    expect(await rig.query('SELECT digest FROM run_models')).toMatchObject([{ digest: 'new' }]);
  });

  test('shows a task that is done again as not done', async () => {
    const rig = await afterDeath();
    (await openRecorder(further(4, ['one']), rig.directory, rig)).close();
    expect(await rig.store.get('run-1')).toMatchObject({ totals: { completed: 0, cancelled: 3 } });
  });

  test('does again what a part was to do again that died before it began', async () => {
    const rig = await afterDeath();
    (await openRecorder(further(4, ['one']), rig.directory, rig)).close();
    (await openRecorder(further(4), rig.directory, rig)).close();
    const { ended } = await loadEarlierRun('run-1', rig.directory, rig);
    expect([...ended.keys()]).toEqual([]);
  });

  test('has taken as long as it went on', async () => {
    const rig = await afterDeath();
    expect(await loadEarlierRun('run-1', rig.directory, rig)).toMatchObject({ takenMs: 1000 });
  });

  test('keeps the result that an earlier part has brought', async () => {
    const rig = new JournalRig();
    const [started, ...others] = brokenOffRun('run-1');
    await rig.keep([{ ...started, run_type: 'workflow', output_step: 'one' } as RunEvent, ...others]);
    rig.die();
    const run = runToKeep({ further: { seq: 4, again: [], output: 'answer of one' } });
    const recorder = await openRecorder(run, rig.directory, rig);
    const end = completedRun('run-1').at(-1);
    await recorder.record({ ...started, seq: 5 } as RunEvent);
    await recorder.record({ ...end, seq: 6 } as RunEvent);
    recorder.close();
    expect(await rig.query('SELECT output FROM runs')).toMatchObject([{ output: 'answer of one' }]);
  });

  test('that is unknown is told', async () => {
    const rig = new JournalRig();
    await rig.keep(completedRun('run-2'));
    await expect(openRecorder(further(4), rig.directory, rig)).rejects.toMatchObject({
      problem: { code: 'run-unknown' },
    });
  });
});
