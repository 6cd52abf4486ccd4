import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunEvent, TaskFinished } from '../../../src/events/event.ts';
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

test('what ran without a model is left out', async () => {
  const rig = new JournalRig();
  await rig.keep(runOf('run-1', [{ model_used: undefined, host: undefined }]));
  expect(await readMeasuredModels(rig.directory)).toEqual([]);
});
