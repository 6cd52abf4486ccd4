import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunEvent, TaskFinished } from '../../../src/events/event.ts';
import type { Metrics } from '../../../src/events/run-document.ts';
import { readMeasuredModels } from '../../../src/journal/measured-models.ts';
import { RunScript } from '../render/run-script.ts';
import { JournalRig } from './journal-rig.ts';

const place = { host: 'http://h', model_used: 'llama3.2' };

function runOf(id: string, ends: readonly Partial<TaskFinished>[]): RunEvent[] {
  const script = new RunScript(ends.map((_, index) => `t${index}`));
  ends.forEach((end, index) => script.started(`t${index}`).completed(`t${index}`, 'x', { ...place, ...end }));
  return script.end('completed').map((event) => ({ ...event, run_id: id }));
}

const at = (tokens_per_second: number): Partial<TaskFinished> => ({
  metrics: { duration: '1s', total_ns: 1, queued_ns: 0, tokens_per_second },
});
/** An answer that came so many milliseconds after noon, and what it cost. */
const answer = (ms: number, totalMs: number, more: Partial<Metrics> = {}): Partial<TaskFinished> => ({
  attempts: 1,
  at: new Date(Date.UTC(2026, 0, 1, 12) + ms).toISOString(),
  metrics: { duration: '1s', total_ns: totalMs * 1e6, queued_ns: 0, ...more },
});
const load = (ms: number): Partial<Metrics> => ({ load_ns: ms * 1e6, first_token_ns: 9e12, model_loaded: true });
const failed = (code: 'timeout' | 'host-unreachable'): Partial<TaskFinished> => ({
  status: 'failed',
  problem: { code, message: 'x' },
});

test('nothing is known, and nothing made, where nothing was ever kept', async () => {
  const rig = new JournalRig();
  expect(await readMeasuredModels(rig.directory)).toEqual([]);
  expect(existsSync(rig.path)).toBe(false);
});

test('speed is the middle one of all runs, by model and server', async () => {
  const rig = new JournalRig();
  await rig.keep(runOf('run-1', [at(10), at(30), { ...at(5), host: 'http://slow' }]));
  await rig.keep(runOf('run-2', [{ ...at(20), model_used: 'llama3.2:latest' }]));
  expect(await readMeasuredModels(rig.directory)).toEqual([
    { host: 'http://h', model: 'llama3.2:latest', tasks: 3, completed: 3, tokens_per_second: 20 },
    { host: 'http://slow', model: 'llama3.2:latest', tasks: 1, completed: 1, tokens_per_second: 5 },
  ]);
});

test('a failure counts, unless the server was not there', async () => {
  const rig = new JournalRig();
  await rig.keep(runOf('run-1', [{}, failed('timeout'), failed('host-unreachable')]));
  expect(await readMeasuredModels(rig.directory)).toMatchObject([{ tasks: 2, completed: 1 }]);
});

test('a load takes what those tasks waited for that had one, the middle one of them', async () => {
  const rig = new JournalRig();
  const waits = [4_000, 90_000, 5_000].map((ms, index) => answer(index * 100_000, 95_000, load(ms)));
  await rig.keep(runOf('run-1', [...waits, answer(400_000, 1_000, { load_ns: 20e6 })]));
  expect(await readMeasuredModels(rig.directory)).toMatchObject([{ load_ms: 5_000 }]);
});

test('a server whose clock runs faster than ours loads as long as we waited', async () => {
  const rig = new JournalRig();
  await rig.keep(runOf('run-1', [answer(0, 9, { ...load(5_000), first_token_ns: 6e6 })]));
  expect(await readMeasuredModels(rig.directory)).toMatchObject([{ load_ms: 6, answer_ms: 3 }]);
});

test('an answer takes the time from one to the next where several were on their way, its load left out', async () => {
  const rig = new JournalRig();
  const overlapping = [
    answer(6_000, 6_000, load(4_000)),
    answer(8_000, 8_000, { load_ns: 4e9 }),
    answer(10_000, 4_000),
  ];
  await rig.keep(runOf('run-1', [...overlapping, answer(60_000, 2_000)]));
  expect(await readMeasuredModels(rig.directory)).toMatchObject([{ answer_ms: 2_000, load_ms: 4_000 }]);
});

test('of several runs the middle one tells what an answer takes', async () => {
  const rig = new JournalRig();
  for (const [index, ms] of [1_000, 3_600_000, 1_100].entries()) {
    await rig.keep(runOf(`run-${index}`, [answer(ms, ms), answer(2 * ms, ms)]));
  }
  expect(await readMeasuredModels(rig.directory)).toMatchObject([{ answer_ms: 1_100 }]);
});

test('tasks that were tried again say nothing of the time, nor do those that failed', async () => {
  const rig = new JournalRig();
  await rig.keep(
    runOf('run-1', [
      { ...answer(0, 9_000), attempts: 2 },
      { ...answer(9, 9_000), ...failed('timeout') },
    ]),
  );
  const [known] = await readMeasuredModels(rig.directory);
  expect(known).toEqual({ host: 'http://h', model: 'llama3.2:latest', tasks: 2, completed: 1 });
});

test('prompts and answers have as many tokens as on average', async () => {
  const rig = new JournalRig();
  const tokens = [10, 20, 60].map((output_tokens) => answer(0, 1_000, { output_tokens, prompt_tokens: 7 }));
  await rig.keep(runOf('run-1', tokens));
  expect(await readMeasuredModels(rig.directory)).toMatchObject([{ output_tokens: 30, prompt_tokens: 7 }]);
});

test('what ran without a model is left out', async () => {
  const rig = new JournalRig();
  await rig.keep(runOf('run-1', [{ model_used: undefined, host: undefined }]));
  expect(await readMeasuredModels(rig.directory)).toEqual([]);
});
