import fc from 'fast-check';
import { expect, test } from 'vitest';
import { record, toRunDocument, type RunRecord } from '../../src/events/to-run-document.ts';
import { runEnd } from '../unit/engine/engine-rig.ts';
import { nameOf, play, scenarios, type Played, type Scenario } from './engine-run.ts';

// The laws of a run. A run that hangs fails its property: the driver throws when nothing can happen any more.

const runs = { numRuns: 150, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: true };

function law(title: string, check: (played: Played, scenario: Scenario) => void, arbitrary = scenarios): void {
  test(title, async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (scenario) => check(await play(scenario), scenario)),
      runs,
    );
  });
}

law('the first event is run.started, the last run.finished, and no timer is left', ({ events, clock }) => {
  expect(events[0]?.type).toBe('run.started');
  expect(events.filter(({ type }) => type === 'run.started')).toHaveLength(1);
  expect(runEnd(events).type).toBe('run.finished');
  expect(clock.pending).toBe(0);
});

law('each task has exactly one task.finished, and nothing about it comes after', ({ events }, { tasks }) => {
  const ended = new Set<string>();
  for (const event of events) {
    if (!('task' in event)) continue;
    expect(ended).not.toContain(event.task);
    if (event.type === 'task.finished') ended.add(event.task);
  }
  expect([...ended].sort()).toEqual(tasks.map((_, index) => nameOf(index)).sort());
});

law(
  'a task starts only after all it needs have completed, and after the one before it in a sequence',
  ({ events }, scenario) => {
    const status = new Map<string, string>();
    for (const event of events) {
      if (event.type === 'task.finished') status.set(event.task, event.status);
      if (event.type !== 'task.started') continue;
      const index = Number(event.task.slice(1));
      for (const need of scenario.tasks[index]?.needs ?? []) expect(status.get(nameOf(need))).toBe('completed');
      if (scenario.isSequential && index > 0) expect(status.has(nameOf(index - 1))).toBe(true);
    }
  },
);

law('durable events are numbered without a gap, and deltas name the number before them', ({ events }) => {
  let last = 0;
  for (const event of events) {
    if ('seq' in event) expect(event.seq).toBe((last += 1));
    if (event.type === 'task.delta') expect(event.after).toBe(last);
  }
});

law('no more requests are open than the run, the server and the model allow', ({ most }, { maxConcurrent, slots }) => {
  expect(most.open).toBeLessThanOrEqual(Math.min(maxConcurrent, slots ?? Infinity));
  expect(most.ofModel).toBeLessThanOrEqual(2);
});

law('with fail-fast nothing starts once a failure was shown', ({ events }, { failFast }) => {
  if (!failFast) return;
  const failure = events.findIndex((event) => event.type === 'task.finished' && event.status === 'failed');
  if (failure === -1) return;
  expect(events.slice(failure).filter(({ type }) => type === 'task.started')).toEqual([]);
});

law('a task is skipped only when one that it needs did not complete, or for fail-fast', ({ events }, scenario) => {
  const ends = new Map(
    events.flatMap((event) => (event.type === 'task.finished' ? [[event.task, event] as const] : [])),
  );
  for (const [name, { status, problem }] of ends) {
    const needs = scenario.tasks[Number(name.slice(1))]?.needs ?? [];
    const hasFailedNeed = needs.some((need) => ends.get(nameOf(need))?.status !== 'completed');
    if (status === 'completed') expect(hasFailedNeed).toBe(false);
    if (status !== 'skipped') continue;
    expect(['needs-failed', 'fail-fast']).toContain(problem?.code);
    if (problem?.code === 'needs-failed') expect(hasFailedNeed).toBe(true);
    else expect(scenario.failFast).toBe(true);
  }
});

law('started and retried attempts of a task are counted 1, 2, 3', ({ events }) => {
  const attempts = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'task.started') {
      expect(event.attempt).toBe((attempts.get(event.task) ?? 0) + 1);
      attempts.set(event.task, event.attempt);
    }
    if (event.type === 'task.retrying') expect(event.attempt).toBe(attempts.get(event.task));
    if (event.type === 'task.finished') expect(event.attempts).toBe(attempts.get(event.task) ?? 0);
  }
});

law('deltas of an attempt join without gap or overlap', ({ events }) => {
  const lengths = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'task.delta') continue;
    const key = `${event.task} ${event.attempt} ${event.channel}`;
    expect(event.offset).toBe(lengths.get(key) ?? 0);
    lengths.set(key, event.offset + event.text.length);
  }
});

law('the totals of the run are the sums of its tasks', ({ events }) => {
  let kept: RunRecord | undefined;
  for (const event of events) kept = record(kept, event);
  const { tasks = [], totals, status } = toRunDocument(kept!);
  for (const each of ['completed', 'failed', 'skipped', 'cancelled'] as const) {
    expect(totals[each]).toBe(tasks.filter((task) => task.status === each).length);
  }
  expect(totals.output_tokens).toBe(tasks.reduce((sum, { metrics }) => sum + (metrics?.output_tokens ?? 0), 0));
  if (status === 'completed') expect(totals.completed).toBe(tasks.length);
});

const flat = scenarios.map((scenario) => ({
  ...scenario,
  ...{ isPrompt: true, isSequential: false, failFast: false, runTimeoutMs: undefined, stopAt: undefined },
  tasks: scenario.tasks.map((task) => ({ ...task, needs: [], attempts: [], isBlocked: false })),
}));

law(
  'a flat list loads each of its models once on a server with room for one, and counts those loads',
  ({ events, server }, { tasks }) => {
    const models = new Set(tasks.map(({ model }) => model));
    expect(server.loads).toBe(models.size);
    expect(runEnd(events).totals.model_loads).toBe(models.size);
  },
  flat,
);
