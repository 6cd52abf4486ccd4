import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/events/event.ts';
import { record, toRunDocument, type RunRecord } from '../../../src/events/to-run-document.ts';
import { openRecorder } from '../../../src/journal/open-recorder.ts';
import type { RunStore } from '../../../src/journal/run-store.ts';
import { RunScript } from '../render/run-script.ts';
import { brokenOffRun, completedRun, JournalRig, runToKeep } from './journal-rig.ts';

const ids = async (listed: ReturnType<RunStore['list']>) => (await listed).map(({ id }) => id);

async function all(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const found: RunEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

const documentOf = (events: readonly RunEvent[]) =>
  toRunDocument(events.reduce<RunRecord | undefined>(record, undefined)!);

test('a run is the document that its events made', async () => {
  const rig = new JournalRig();
  const events = completedRun('run-1');
  await rig.keep(events);
  expect(JSON.stringify(await rig.store.get('run-1'))).toBe(JSON.stringify(documentOf(events)));
});

test('its events come back as they were', async () => {
  const rig = new JournalRig();
  const events = completedRun('run-1');
  await rig.keep(events);
  expect(await all(rig.store.events('run-1'))).toEqual(JSON.parse(JSON.stringify(events)));
});

describe('a list', () => {
  test('holds the documents without tasks and results, newest first', async () => {
    const rig = new JournalRig();
    await rig.keep(completedRun('run-1'));
    await rig.keep(completedRun('run-2'));
    const { tasks: _tasks, results: _results, ...summary } = documentOf(completedRun('run-2'));
    const [newest, ...others] = await rig.store.list();
    expect(JSON.stringify(newest)).toBe(JSON.stringify(summary));
    expect(others).toMatchObject([{ id: 'run-1' }]);
  });

  test('tells the result of a workflow', async () => {
    const rig = new JournalRig();
    const script = new RunScript(['a', 'b'], { run_type: 'workflow', output_step: 'a' });
    script
      .finished('a', { status: 'completed', output: 'the result' })
      .finished('b', { status: 'completed', output: '' });
    const events = script.end('completed');
    await rig.keep(events, { run_type: 'workflow' });
    const { steps: _steps, results: _results, ...summary } = documentOf(events);
    expect(JSON.stringify(await rig.store.list())).toBe(JSON.stringify([summary]));
    expect(summary).toMatchObject({ success: true, output: 'the result' });
  });

  test.each([
    ['an agent, by its name', { agent: 'Reviewer' }, ['run-2', 'run-1']],
    ['an agent nobody has', { agent: 'other' }, []],
    ['a status', { status: 'failed' as const }, []],
    ['a time', { sinceMs: Date.UTC(2026, 0, 1, 0, 5) }, ['run-2']],
    ['a number', { limit: 1 }, ['run-2']],
  ])('can be limited to %s', async (_what, filter, expected) => {
    const rig = new JournalRig();
    await rig.keep(completedRun('run-1'));
    await rig.keep(completedRun('run-2', 10));
    expect(await ids(rig.store.list(filter))).toEqual(expected);
  });

  test('leaves out a run that died before it began', async () => {
    const rig = new JournalRig();
    await rig.keep([], { id: 'run-1' });
    expect(await rig.store.list()).toEqual([]);
  });

  test('is empty, and makes no file, when nothing was ever kept', async () => {
    const rig = new JournalRig();
    expect(await rig.store.list()).toEqual([]);
    expect(existsSync(rig.path)).toBe(false);
  });
});

describe('a run whose process died', () => {
  async function withDeadRun(): Promise<JournalRig> {
    const rig = new JournalRig();
    await rig.keep(brokenOffRun('run-1'));
    rig.die();
    return rig;
  }

  test('was running before that', async () => {
    const rig = new JournalRig();
    await rig.keep(brokenOffRun('run-1'));
    expect(await rig.store.list()).toMatchObject([{ status: 'running', totals: { tasks: 3, completed: 1 } }]);
    expect(await rig.store.get('run-1')).toMatchObject({ tasks: [{}, { status: 'running' }, { status: 'pending' }] });
  });

  test('is shown as if a signal had stopped it', async () => {
    const rig = await withDeadRun();
    expect(await rig.store.get('run-1')).toMatchObject({
      status: 'interrupted',
      completed_at: '2026-01-01T00:00:01.000Z',
      tasks: [
        { status: 'completed', output: 'answer of one' },
        { status: 'cancelled', attempts: 1, problem: { code: 'interrupted' } },
        { status: 'cancelled', attempts: 0 },
      ],
      problem: { code: 'interrupted', message: expect.stringContaining(`process ${process.pid}`) as string },
      totals: { tasks: 3, completed: 1, cancelled: 2, duration: '1s' },
    });
  });

  test('has the same status and totals in a list', async () => {
    const rig = await withDeadRun();
    const { tasks: _tasks, results: _results, ...summary } = await rig.store.get('run-1');
    expect(await rig.store.list({ status: 'interrupted' })).toEqual([summary]);
  });

  test('keeps the events that really happened', async () => {
    const rig = await withDeadRun();
    expect(await all(rig.store.events('run-1'))).toHaveLength(brokenOffRun('run-1').length);
  });

  test('lived until it was last heard of', async () => {
    const rig = new JournalRig();
    const recorder = await openRecorder(runToKeep(), rig.directory, rig);
    const kept = brokenOffRun('run-1').map((event) => recorder.record(event));
    rig.clock.advance(60_000);
    await Promise.all(kept);
    recorder.close();
    rig.die();
    expect(await rig.store.get('run-1')).toMatchObject({ completed_at: '2026-01-01T00:01:00.000Z' });
  });
});

describe('deleting', () => {
  test('takes runs away, and leaves nothing of them in the files', async () => {
    const rig = new JournalRig();
    await rig.keep(completedRun('run-1'));
    await rig.keep(completedRun('run-2'));
    expect(await rig.store.delete(['run-1', 'run-2', 'run-1'])).toEqual(['run-1', 'run-2']);
    expect(await rig.store.list()).toEqual([]);
    const files = readdirSync(rig.directory).map((file) => readFileSync(join(rig.directory, file), 'latin1'));
    expect(files.join('')).not.toContain('answer of');
  });

  test('takes none away when one is unknown, and says all that is wrong', async () => {
    const rig = new JournalRig();
    await rig.keep(completedRun('run-1'));
    const deleting = rig.store.delete(['run-1', 'nowhere', 'neither']);
    await expect(deleting).rejects.toMatchObject({ problems: [{ code: 'run-unknown' }, { code: 'run-unknown' }] });
    expect(await ids(rig.store.list())).toEqual(['run-1']);
  });

  test('refuses a run that is still going on', async () => {
    const rig = new JournalRig();
    await rig.keep(brokenOffRun('run-1'));
    await expect(rig.store.delete(['run-1'])).rejects.toMatchObject({ problem: { code: 'run-active' } });
  });

  test('by age leaves what is younger, and what is still going on', async () => {
    const rig = new JournalRig();
    await rig.keep(brokenOffRun('run-0'));
    await rig.keep(completedRun('run-1'));
    await rig.keep(completedRun('run-2', 10));
    expect(await rig.store.deleteBefore(Date.UTC(2026, 0, 1, 0, 5))).toEqual(['run-1']);
    expect(await ids(rig.store.list())).toEqual(['run-2', 'run-0']);
  });

  test('of what was never kept tells that it is unknown', async () => {
    const rig = new JournalRig();
    await expect(rig.store.delete(['last'])).rejects.toMatchObject({ problem: { code: 'run-unknown' } });
    expect(await rig.store.deleteBefore(Date.now())).toEqual([]);
  });
});
