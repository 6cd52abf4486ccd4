import { expect, test } from 'vitest';
import { chooseCandidates } from '../../../src/engine/choose.ts';
import { Outputs } from '../../../src/engine/outputs.ts';
import { runStopped, stoppedStatus } from '../../../src/engine/problems.ts';
import { isHostProblem, mayBeAboutOne, retryDelayMs } from '../../../src/engine/request/retry.ts';
import { Tally } from '../../../src/engine/tally.ts';
import { TaskGraph } from '../../../src/engine/task-graph.ts';
import type { TaskNode } from '../../../src/engine/task-node.ts';
import { toMetrics } from '../../../src/engine/request/to-metrics.ts';
import { ProblemError } from '../../../src/errors/problem.ts';
import type { ProblemCode } from '../../../src/errors/catalogue.ts';
import { Interruption } from '../../../src/host/host.ts';
import { planOf, type TaskDraft } from './engine-rig.ts';

const problem = (code: ProblemCode) => ({ code, message: code });

test.each<[ProblemCode, boolean]>([
  ['host-unreachable', true],
  ['host-gone', true],
  ['server-busy', true],
  ['server-error', true],
  ['model-failed', true],
  ['stream-broken', true],
  ['stream-incomplete', true],
  ['timeout', false],
  ['stalled', false],
  ['rate-limited', false],
  ['request-refused', false],
  ['access-denied', false],
  ['model-missing', false],
  ['model-incapable', false],
  ['handler-failed', false],
])('%s is tried again: %s', (code, isRetried) => {
  const delayMs = retryDelayMs({ problem: problem(code), attempt: 1, delivered: false }, 2, 0.5);
  expect(delayMs !== undefined).toBe(isRetried);
});

test.each([
  [1, 0.5, 500],
  [2, 0.5, 1000],
  [3, 0.5, 2000],
  [20, 0.5, 30_000],
  [1, 0, 375],
  [1, 0.999, 625],
])('after attempt %i with the random number %f the pause is %i ms', (attempt, random, expected) => {
  const delayMs = retryDelayMs({ problem: problem('server-busy'), attempt, delivered: false }, 100, random);
  expect(Math.round(delayMs ?? 0)).toBe(expected);
});

test('there are as many attempts after the first as retries', () => {
  const failed = (attempt: number) => ({ problem: problem('server-busy'), attempt, delivered: false });
  expect([1, 2, 3].map((attempt) => retryDelayMs(failed(attempt), 2, 0.5) !== undefined)).toEqual([true, true, false]);
  expect(retryDelayMs(failed(1), 0, 0.5)).toBeUndefined();
});

test('an answer of which a piece was delivered is not asked for again', () => {
  expect(retryDelayMs({ problem: problem('stream-broken'), attempt: 1, delivered: true }, 2, 0.5)).toBeUndefined();
});

test.each<[ProblemCode, boolean]>([
  ['request-refused', true],
  ['prompt-too-long', true],
  ['server-error', true],
  ['host-gone', false],
  ['host-not-ollama', false],
  ['model-missing', false],
  ['timeout', false],
])('%s may be the fault of one text of a batch: %s', (code, expected) => {
  expect(mayBeAboutOne(problem(code))).toBe(expected);
});

test('a server that is gone or out of reach is a problem of the host', () => {
  expect(
    (['host-gone', 'host-unreachable', 'host-not-ollama'] as const).map((code) => isHostProblem(problem(code))),
  ).toEqual([true, true, false]);
});

const candidates = [
  { model: 'a', host: 'h1', reasons: [] },
  { model: 'a', host: 'h2', reasons: [] },
  { model: 'b', host: 'h2', reasons: [] },
];

test.each<[string, { down?: string[]; resting?: string[]; missing?: string[] }, string[]]>([
  ['all is well', {}, ['a h1', 'a h2']],
  ['its first host is down', { down: ['h1'] }, ['a h2']],
  ['its first host rests', { resting: ['h1'] }, ['a h2']],
  ['all its hosts rest', { resting: ['h1', 'h2'] }, ['a h1', 'a h2']],
  ['one host is down and the other rests', { down: ['h1'], resting: ['h2'] }, ['a h2']],
  ['its model is missing there', { missing: ['a h1'] }, ['a h2']],
  ['one host is down and the model is missing on the other', { down: ['h1'], missing: ['a h2'] }, ['b h2']],
  ['everything is down', { down: ['h1', 'h2'] }, []],
])('the best model that is still there is taken, wherever it is, when %s', (_title, known, expected) => {
  const { down = [], resting = [], missing = [] } = known;
  const chosen = chooseCandidates(candidates, {
    isDown: (host) => down.includes(host),
    isResting: (host) => resting.includes(host),
    isModelMissing: ({ model, host }) => missing.includes(`${model} ${host}`),
  });
  expect(chosen.map(({ model, host }) => `${model} ${host}`)).toEqual(expected);
});

test('metrics come from our clock and from what the server tells', () => {
  const times = { readyAt: 1000, startedAt: 1250, sentAt: 3000, firstPieceAt: 3100, finishedAt: 5250.5 };
  const wire = { load_duration: 7, prompt_eval_duration: 8, eval_duration: 2e9, prompt_eval_count: 15, eval_count: 30 };
  expect(toMetrics(times, wire)).toEqual({
    duration: '4.0005s',
    total_ns: 4_000_500_000,
    queued_ns: 250_000_000,
    load_ns: 7,
    prompt_eval_ns: 8,
    eval_ns: 2e9,
    first_token_ns: 100_000_000,
    prompt_tokens: 15,
    output_tokens: 30,
    tokens_used: 45,
    tokens_per_second: 15,
  });
});

test('metrics the server does not tell are absent, not zero', () => {
  expect(toMetrics({ readyAt: 0, startedAt: 0, sentAt: 0, finishedAt: 1 })).toEqual({
    duration: '1ms',
    total_ns: 1_000_000,
    queued_ns: 0,
  });
});

test('tokens per second need a time above zero', () => {
  const metrics = toMetrics(
    { readyAt: 0, startedAt: 0, sentAt: 0, finishedAt: 1 },
    { eval_count: 3, eval_duration: 0 },
  );
  expect(metrics).not.toHaveProperty('tokens_per_second');
});

test('a tally counts by status and sums tokens, those of failed tasks too', () => {
  const tally = new Tally(1_000);
  const metrics = { duration: '', total_ns: 0, queued_ns: 0, prompt_tokens: 5, output_tokens: 7 };
  for (const status of ['completed', 'failed', 'skipped'] as const) tally.count(status);
  tally.addCost(metrics);
  tally.addEarlierCost(metrics);
  tally.addCost(undefined);
  expect(tally.spent).toBe(12);
  expect(tally.totals(3, 2_500)).toEqual({
    ...{ tasks: 3, completed: 1, failed: 1, skipped: 1, cancelled: 0, reused: 0 },
    ...{ model_loads: 3, prompt_tokens: 10, output_tokens: 14, duration: '1.5s', total_ns: 1.5e9 },
  });
});

const nodesOf = (...drafts: (TaskDraft | string)[]): TaskNode[] => new TaskGraph(planOf(drafts), () => 'id', 0).nodes;

test('an output is kept until the last task that needs it has ended', () => {
  const [a, b, c] = nodesOf('a', { name: 'b', needs: ['a'] }, { name: 'c', needs: ['a'] });
  const outputs = new Outputs();
  outputs.keep(a!, { input: '', text: 'text' });
  outputs.release(b!);
  expect(outputs.textOf('a')).toBe('text');
  outputs.release(c!);
  expect(outputs.textOf('a')).toBe('');
});

test('an output that nobody needs is not kept', () => {
  const [a] = nodesOf('a');
  const outputs = new Outputs();
  outputs.keep(a!, { input: '', text: 'text' });
  expect(outputs.textOf('a')).toBe('');
});

test.each<[string, unknown, ProblemCode, string]>([
  ['Ctrl-C', new Interruption('SIGINT'), 'interrupted', 'interrupted'],
  ['a SIGTERM', new Interruption('SIGTERM'), 'terminated', 'interrupted'],
  ['a signal of the library user', undefined, 'cancelled', 'cancelled'],
  ['a problem', new ProblemError({ code: 'budget-reached', message: '' }), 'budget-reached', 'failed'],
])('a run stopped by %s', (_title, reason, code, status) => {
  const stopped = runStopped(reason);
  expect([stopped.code, stoppedStatus(stopped)]).toEqual([code, status]);
});
