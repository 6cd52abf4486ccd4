import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { documentOf, promptsOf, runTasks, runWorkflow, type CliResult } from './run-cli.ts';

const agent = { models: ['llama3.2', 'codellama', 'nomic-embed-text'] };
const models = ['llama3.2', 'codellama', { name: 'nomic-embed-text', capabilities: ['embedding' as const] }];

const namesOf = (result: CliResult): string[] => (documentOf(result).tasks ?? []).map(({ name }) => name);

test('every task is done with each model that can do it, and says with which', async () => {
  await using fake = await startFakeOllama({ models });
  const tasks = ['generate:one', 'embed:two', 'chat:three'];
  const result = await runTasks(tasks, ['--each-model', '--json'], { fake, agent });
  expect(result.exit).toBe(0);
  expect(documentOf(result).tasks?.map(({ name, model_used }) => [name, model_used])).toEqual([
    ['task1[llama3.2]', 'llama3.2'],
    ['task1[codellama]', 'codellama'],
    ['task2[nomic-embed-text]', 'nomic-embed-text'],
    ['task3[llama3.2]', 'llama3.2'],
    ['task3[codellama]', 'codellama'],
  ]);
});

test('a model gets all of its tasks before the next one is asked for', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2', 'codellama'], room: 1, parallel: 1 });
  const tasks = Array.from({ length: 10 }, (_, at) => `generate:prompt ${at}`);
  const result = await runTasks(tasks, ['--each-model', '--json'], {
    fake,
    agent: { models: ['llama3.2', 'codellama'] },
  });
  expect(documentOf(result).totals).toMatchObject({ tasks: 20, completed: 20, model_loads: 2 });
});

test('as text the answers to a task stand below it, with the model of each', async () => {
  await using fake = await startFakeOllama({ models });
  const { stdout } = await runTasks(['generate:one', 'chat:two'], ['--each-model'], { fake, agent });
  expect(stdout.match(/^===.*$/gm)).toEqual(['=== task1: one', '=== task2: two']);
  expect(stdout.match(/(?<=^--- )[^:]+/gm)).toEqual(['llama3.2', 'codellama', 'llama3.2', 'codellama']);
});

test('one task that one model can do is printed bare', async () => {
  await using fake = await startFakeOllama({ models });
  const alone = { fake, agent: { models: ['llama3.2'] } };
  const { stdout } = await runTasks(['generate:one'], ['--each-model'], alone);
  expect(stdout).toBe((await runTasks(['generate:one'], [], alone)).stdout);
});

test('a task that names its model is done with that one', async () => {
  await using fake = await startFakeOllama({ models });
  const stdin = '{"type":"generate","input":"x","model":"codellama"}\n';
  const result = await runTasks([], ['--tasks-file', '-', '--each-model', '--json'], { fake, agent, stdin });
  expect(namesOf(result)).toEqual(['task1']);
});

test('a task that no model can do fails, and is named', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2'] });
  const result = await runTasks(['generate:one', 'embed:two'], ['--each-model', '--json'], { fake });
  expect(namesOf(result)).toEqual(['task1[llama3.2]', 'task2']);
  expect(documentOf(result).tasks?.[1]?.problem).toMatchObject({ code: 'model-incapable', task: 'task2' });
});

test('a model that is not installed is told of, not left out', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2'] });
  const options = { fake, agent: { models: ['llama3.2', 'llama2'] } };
  const result = await runTasks(['generate:one'], ['--each-model', '--json'], options);
  expect(documentOf(result).tasks?.map(({ name, status, problem }) => [name, status, problem?.code])).toEqual([
    ['task1[llama3.2]', 'completed', undefined],
    ['task1[llama2]', 'failed', 'model-missing'],
  ]);
});

test.each([
  [['--model', 'llama3.2'], '--each-model and --model exclude each other'],
  [['--sequential'], '--each-model runs tasks side by side'],
])('%j beside it is refused', async (more, message) => {
  await using fake = await startFakeOllama({ models });
  const { exit, stderr } = await runTasks(['generate:one'], ['--each-model', ...more], { fake, agent });
  expect(exit).toBe(2);
  expect(stderr).toContain(message);
  expect(promptsOf(fake)).toEqual([]);
});

test('workflows do not know it', async () => {
  expect((await runWorkflow(['a:generate:one'], ['--each-model'], {})).exit).toBe(2);
});
