import { expect, test } from 'vitest';
import { ProblemError } from '../../../src/errors/problem.ts';
import { openRecorder } from '../../../src/journal/open-recorder.ts';
import { mostLateMs } from '../../../src/journal/write-batches.ts';
import { brokenOffRun, completedRun, JournalRig, runToKeep } from './journal-rig.ts';

const cancelled = { type: 'run.finished', status: 'cancelled', totals: {} };

/** A run that is going on, and the next event it would keep. */
async function goingOn() {
  const rig = new JournalRig();
  const recorder = await openRecorder(runToKeep(), rig.directory, rig);
  const events = brokenOffRun('run-1');
  const kept = Promise.all(events.map((event) => recorder.record(event)));
  rig.clock.advance(mostLateMs);
  await kept;
  const end = {
    ...cancelled,
    run_id: 'run-1',
    at: '2026-01-01T00:00:01.000Z',
    seq: 5,
  } as unknown as (typeof events)[0];
  return { rig, recorder, end };
}

/** Lets time pass, a tenth of a second at a time, until something is done. */
async function passTime<T>(rig: JournalRig, work: Promise<T>): Promise<T> {
  const settled = work.then(
    () => true,
    () => true,
  );
  const turn = (): Promise<boolean> => new Promise((resolve) => setImmediate(resolve, false));
  while (!(await Promise.race([settled, turn()]))) rig.clock.advance(100);
  return work;
}

test('a run is told to end, and the canceller waits until it has', async () => {
  const { rig, recorder, end } = await goingOn();
  recorder.signal.addEventListener('abort', () => void recorder.record(end));
  expect(await passTime(rig, rig.store.cancel('run-1'))).toBe('run-1');
  expect(recorder.signal.reason).toBeInstanceOf(ProblemError);
  expect(recorder.signal.reason).toMatchObject({ problem: { code: 'cancelled' } });
  expect(await rig.query('SELECT run_id FROM cancels')).toEqual([]);
  recorder.close();
});

test('a run looks four times a second whether it is to end', async () => {
  const { rig, recorder } = await goingOn();
  await rig.query(`INSERT INTO cancels VALUES ('run-1', 0)`);
  rig.clock.advance(200);
  expect(recorder.signal.aborted).toBe(false);
  rig.clock.advance(50);
  expect(recorder.signal.aborted).toBe(true);
  recorder.close();
});

test('a process that does not listen is named after a while', async () => {
  const { rig, recorder } = await goingOn();
  recorder.close();
  await expect(passTime(rig, rig.store.cancel('run-1'))).rejects.toMatchObject({
    problem: { code: 'run-active', hint: `end it yourself: kill ${process.pid}` },
  });
});

test('a run whose process dies instead is interrupted', async () => {
  const { rig, recorder } = await goingOn();
  recorder.close();
  rig.clock.after(500, () => rig.die());
  await expect(passTime(rig, rig.store.cancel('run-1'))).rejects.toMatchObject({
    problem: { code: 'run-ended', hint: 'ollama-orchestrate resume-run run-1' },
  });
});

test('a run that has ended cannot be cancelled', async () => {
  const rig = new JournalRig();
  await rig.keep(completedRun('run-1'));
  await expect(rig.store.cancel('last')).rejects.toMatchObject({
    problem: { code: 'run-ended', message: 'run run-1 has ended, it is completed' },
  });
});

test('a run whose process is dead cannot be cancelled: it can be gone on with', async () => {
  const rig = new JournalRig();
  await rig.keep(brokenOffRun('run-1'));
  rig.die();
  await expect(rig.store.cancel('last')).rejects.toMatchObject({
    problem: {
      code: 'run-ended',
      message: expect.stringContaining(`it was interrupted: process ${process.pid} on `) as string,
      hint: 'ollama-orchestrate resume-run run-1',
    },
  });
});

test('whoever waits for the end may be told not to', async () => {
  const { rig, recorder } = await goingOn();
  const impatient = new AbortController();
  const cancelling = rig.store.cancel('run-1', { signal: impatient.signal });
  impatient.abort(new Error('enough'));
  await expect(cancelling).rejects.toThrow('enough');
  recorder.close();
  expect(rig.clock.pending).toBe(0);
});
