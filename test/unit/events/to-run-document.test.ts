import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/events/event.ts';
import type { RunDocument } from '../../../src/events/run-document.ts';
import { record, toRunDocument, type RunRecord } from '../../../src/events/to-run-document.ts';
import { metrics, RunScript, startMs } from '../render/run-script.ts';
import { missing, scenarios } from '../render/scenarios.ts';

test('a run of tasks lists them in order, and the results of those that succeeded', () => {
  const script = new RunScript(['task1', 'task2', 'task3']).started('task3').completed('task3', 'three');
  const document = fold(
    script.completed('task1', 'one').failed('task2', missing).end('failed', { error: '1 of 3 tasks failed' }),
  );
  expect(document.tasks?.map(({ name, status, output }) => [name, status, output])).toEqual([
    ['task1', 'completed', 'one'],
    ['task2', 'failed', undefined],
    ['task3', 'completed', 'three'],
  ]);
  expect(document.results).toEqual([
    { task_id: 'id-task1', output: 'one', model_used: 'llama3.2', metrics: metrics() },
    { task_id: 'id-task3', output: 'three', model_used: 'llama3.2', metrics: metrics() },
  ]);
  expect(document).toMatchObject({
    id: 'run-1',
    run_type: 'tasks',
    agent: 'reviewer',
    status: 'failed',
    error: '1 of 3 tasks failed',
  });
});

test('fields without a value are absent, not undefined and not null', () => {
  const document = fold(scenarios['all green'] ?? []);
  expect(Object.keys(document)).toEqual([
    'id',
    'run_type',
    'agent',
    'status',
    'created_at',
    'completed_at',
    'tasks',
    'results',
    'totals',
  ]);
  expect(document).toStrictEqual(JSON.parse(JSON.stringify(document)));
});

test('an entry is told as its event tells it, without the marks of the event', () => {
  const [entry] =
    fold(new RunScript(['a']).started('a').completed('a', 'x', { parameters: { x: 1 } }).events).tasks ?? [];
  expect(entry).toStrictEqual({
    id: 'id-a',
    name: 'a',
    type: 'generate',
    input: 'prompt of a',
    status: 'completed',
    created_at: new Date(startMs).toISOString(),
    completed_at: new Date(startMs).toISOString(),
    output: 'x',
    model_used: 'llama3.2',
    host: 'http://127.0.0.1:11434',
    done_reason: 'stop',
    metrics: metrics(),
    parameters: { x: 1 },
  });
});

test('a workflow has steps with success, and the output of its last step', () => {
  const document = fold(scenarios['workflow'] ?? []);
  expect(document).toMatchObject({ run_type: 'workflow', success: true, output: 'the code' });
  expect(document.steps?.map(({ name, success }) => [name, success])).toEqual([
    ['plan', true],
    ['code', true],
  ]);
  expect(document.tasks).toBeUndefined();
});

test('a workflow may name another step as its result', () => {
  const script = new RunScript(['plan', 'code'], { run_type: 'workflow', output_step: 'plan' });
  expect(fold(script.completed('plan', 'a plan').completed('code', 'the code').end('completed')).output).toBe('a plan');
});

test('a workflow whose result step did not complete has no output', () => {
  const document = fold(scenarios['failure with skips'] ?? []);
  expect(document).toMatchObject({ success: false, status: 'failed' });
  expect('output' in document).toBe(false);
});

test('the vector of an embed task is in its entry and in its result', () => {
  const document = fold(scenarios['embed'] ?? []);
  expect(document.tasks?.[0]?.embedding).toEqual([0.5, -1]);
  expect(document.results?.[0]?.embedding).toEqual([0.5, -1]);
});

test('tasks of a run that broke off are shown as they stood', () => {
  const script = new RunScript(['a', 'b']).started('a').wait(1250).delta('a', 'half');
  const document = fold(script.events);
  expect(document.tasks?.map(({ id, name, status, model_used }) => ({ id, name, status, model_used }))).toEqual([
    { id: 'id-a', name: 'a', status: 'running', model_used: 'llama3.2' },
    { id: 'run-1/b', name: 'b', status: 'pending', model_used: undefined },
  ]);
  expect(document).toMatchObject({
    status: 'running',
    totals: { tasks: 2, duration: '1.25s', total_ns: 1_250_000_000 },
  });
});

test('a task that a further part begins again is not shown as it ended before', () => {
  const first = new RunScript(['a', 'b']).completed('a', 'x').failed('b', missing).end('failed');
  const document = fold([...first, ...new RunScript(['a', 'b']).events]);
  expect(document.tasks?.map(({ name, status, problem }) => ({ name, status, problem }))).toEqual([
    { name: 'a', status: 'completed', problem: undefined },
    { name: 'b', status: 'pending', problem: undefined },
  ]);
});

test('the items of a template step are in its entry', () => {
  const script = new RunScript(['each'], { run_type: 'workflow' }).expanded('each', 2);
  script.completed('each[0]', 'x').completed('each[1]', 'y').completed('each', 'x\n\ny');
  const [step] = fold(script.end('completed')).steps ?? [];
  expect(step?.items?.map(({ name, output }) => [name, output])).toEqual([
    ['each[0]', 'x'],
    ['each[1]', 'y'],
  ]);
});

function fold(events: readonly RunEvent[]): RunDocument {
  return toRunDocument(events.reduce<RunRecord | undefined>(record, undefined)!);
}
