import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/events/event.ts';
import { reduce } from '../../../src/events/reduce.ts';
import type { RunState } from '../../../src/events/run-state.ts';
import { takenNs } from '../../../src/events/taken-ns.ts';
import { RunScript, startMs } from '../render/run-script.ts';
import { busy, scenarios } from '../render/scenarios.ts';

test('a planned run has all its tasks pending, in the order of the plan', () => {
  const state = fold(new RunScript(['b', 'a']).events);
  expect([...state.tasks.keys()]).toEqual(['b', 'a']);
  expect(state).toMatchObject({ status: 'running', counts: { pending: 2 }, totals: { tasks: 2 } });
});

test('a waiting task keeps its reason until it starts', () => {
  const script = new RunScript(['a']).waiting('a', 'model', 'codellama to load');
  const state = fold(script.events);
  expect(state.tasks.get('a')?.waiting).toEqual({ for: 'model', detail: 'codellama to load' });
  script.started('a');
  expect(reduce(state, last(script)).tasks.get('a')?.waiting).toBeUndefined();
});

test('a started task is running with its model, host and reasons', () => {
  const state = fold(new RunScript(['a']).started('a', { model: 'codellama', reasons: ['code'] }).events);
  expect(state.tasks.get('a')).toMatchObject({
    id: 'id-a',
    status: 'running',
    model: 'codellama',
    reasons: ['code'],
    attempts: 1,
  });
  expect([...state.running].map(({ name }) => name)).toEqual(['a']);
});

test('deltas are counted per attempt and no text is kept', () => {
  const script = new RunScript(['a']).started('a').delta('a', 'secret').delta('a', 'text');
  const state = fold(script.events);
  expect(state.tasks.get('a')?.pieces).toBe(2);
  expect(JSON.stringify([...state.tasks.values()])).not.toContain('secret');
  script.retrying('a', busy).started('a', { attempt: 2 });
  expect(fold(script.events).tasks.get('a')).toMatchObject({ pieces: 0, first_piece_at: undefined });
});

test('a task between two attempts is pending and says what failed', () => {
  const state = fold(new RunScript(['a']).started('a').retrying('a', busy).events);
  expect(state.tasks.get('a')).toMatchObject({
    status: 'pending',
    retry: { problem: busy, delay_ns: 5e8 },
    attempts: 1,
  });
  expect(state.counts).toMatchObject({ pending: 1, running: 0 });
  expect([state.running.size, state.retrying.size, state.pending.size]).toEqual([0, 1, 0]);
});

test('a finished task keeps what it cost and not what it said', () => {
  const state = fold(new RunScript(['a']).started('a').completed('a', 'secret').events);
  expect(state.tasks.get('a')).toMatchObject({
    status: 'completed',
    metrics: { output_tokens: 30 },
    done_reason: 'stop',
  });
  expect(state.totals).toMatchObject({ completed: 1, prompt_tokens: 15, output_tokens: 30 });
  expect(JSON.stringify([...state.tasks.values()])).not.toContain('secret');
});

test('the totals at the end are those the engine says', () => {
  const totals = { ...fold(scenarios['all green'] ?? []).totals };
  expect(totals).toMatchObject({ tasks: 2, completed: 2, model_loads: 1, duration: '1.5s' });
});

test.each(Object.entries(scenarios))('sums made on the way are those of the end: %s', (_name, events) => {
  const { totals, counts } = fold(events.slice(0, -1));
  const { model_loads: _loads, duration: _duration, total_ns: _ns, ...sums } = fold(events).totals;
  expect(totals).toMatchObject(sums);
  expect(counts).toMatchObject({ pending: 0, running: 0, completed: sums.completed, failed: sums.failed });
});

test('a lost server is known until it is back', () => {
  const script = new RunScript(['a']).hostChanged('down', busy);
  expect([...fold(script.events).hosts.values()]).toEqual([{ state: 'down', problem: busy }]);
  expect([...fold(script.hostChanged('up').events).hosts.values()]).toEqual([{ state: 'up', problem: undefined }]);
});

test('the items of a template step are tasks of their own that no total counts', () => {
  const script = new RunScript(['each']).expanded('each', 2).started('each[1]').completed('each[1]', 'one');
  const state = fold(script.events);
  expect([...state.tasks.keys()]).toEqual(['each', 'each[0]', 'each[1]']);
  expect(state.tasks.get('each[1]')).toMatchObject({ parent: 'each', status: 'completed' });
  expect(state.counts).toMatchObject({ running: 1, completed: 0 });
});

test('a template step runs while its items do, and counts those that have ended', () => {
  const script = new RunScript(['each']).expanded('each', 3).started('each[0]').completed('each[0]', 'one');
  script.failed('each[1]', busy).started('each[2]');
  const state = fold(script.events);
  expect(state.tasks.get('each')).toMatchObject({ status: 'running', items: 3, items_ended: 2 });
  expect([...state.running].map(({ name }) => name)).toEqual(['each', 'each[2]']);
});

test('items that an earlier part of the run has done count as ended', () => {
  const first = new RunScript(['each']).expanded('each', 2).completed('each[0]', 'one').end('interrupted');
  const state = fold([...first, ...new RunScript(['each']).expanded('each', 2).events]);
  expect(state.tasks.get('each')).toMatchObject({ items: 2, items_ended: 1 });
});

test('a further part of a run keeps what is done and begins the rest again', () => {
  const first = new RunScript(['a', 'b']).started('a').completed('a', 'x').failed('b', busy).end('failed');
  const second = new RunScript(['a', 'b']).wait(5000).events;
  const state = fold([...first, ...second]);
  expect(state).toMatchObject({
    status: 'running',
    counts: { completed: 1, pending: 1, failed: 0 },
  });
  expect(state.completed_at).toBeUndefined();
  expect(state.totals).toMatchObject({ tasks: 2, completed: 1, output_tokens: 30 });
  expect([...state.pending].map(({ name }) => name)).toEqual(['b']);
});

test('what lies between the parts of a run is no time it took', () => {
  const first = new RunScript(['a', 'b']).wait(2000).failed('a', busy).end('failed');
  const cutOff = new RunScript(['a', 'b'], {}, startMs + 1e6).wait(3000).started('a').events;
  const last = new RunScript(['a', 'b'], {}, startMs + 1e9).wait(500).started('a').events;
  expect(takenNs(fold(first))).toBe(2e9);
  expect(takenNs(fold([...first, ...cutOff]))).toBe(5e9);
  expect(takenNs(fold([...first, ...cutOff, ...last]))).toBe(5.5e9);
});

test('events without a beginning are refused', () => {
  expect(() => reduce(undefined, last(new RunScript(['a']).started('a')))).toThrow('a run begins with run.started');
});

test('an event about a task outside the plan is refused', () => {
  expect(() => fold(new RunScript(['a']).started('b').events)).toThrow("task 'b' is not in the plan");
});

function fold(events: readonly RunEvent[]): RunState {
  return events.reduce<RunState | undefined>(reduce, undefined)!;
}

function last(script: RunScript): RunEvent {
  return script.events.at(-1)!;
}
