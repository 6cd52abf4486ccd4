import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { createHome } from './home.ts';
import { documentOf } from './run-cli.ts';

const flow = [
  'steps:',
  '  - {name: plan, type: generate, prompt: PLAN}',
  "  - {name: work, type: generate, agent: worker, prompt: 'do {{plan}}'}",
].join('\n');

const files = { 'flow.yaml': flow };

test('a step goes to the agent it names: its servers, its models, its system prompt', async () => {
  await using own = await startFakeOllama({ models: ['llama3.2'] });
  await using other = await startFakeOllama({ models: ['codellama'] });
  const { cli } = await createHome(own, { system: 'You plan.' });
  await cli([
    'create-agent',
    'worker',
    '--models',
    'codellama',
    '--set',
    `hosts=["${other.url}"]`,
    '--system',
    'You work.',
  ]);
  const result = await cli(['run-workflow', 'tester', '--file', 'flow.yaml', '--json'], { files });
  expect(documentOf(result).steps?.map(({ model_used, host }) => [model_used, host])).toEqual([
    ['llama3.2', own.url],
    ['codellama', other.url],
  ]);
  expect([own, other].map(({ prompts }) => prompts.map(({ body }) => body['system']))).toEqual([
    ['You plan.'],
    ['You work.'],
  ]);
});

test('what is said about the run wins over the agents of steps, too', async () => {
  await using own = await startFakeOllama({ models: ['llama3.2'] });
  const { cli } = await createHome(own);
  await cli(['create-agent', 'worker', '--models', 'codellama', '--set', 'hosts=["http://127.0.0.1:9"]']);
  const flags = ['--host', own.url, '--model', 'llama3.2', '--json'];
  const result = await cli(['run-workflow', 'tester', '--file', 'flow.yaml', ...flags], { files });
  expect(documentOf(result).steps?.map(({ model_used, host }) => [model_used, host])).toEqual([
    ['llama3.2', own.url],
    ['llama3.2', own.url],
  ]);
});

test('an agent that is not there is told with its step, before anything is sent', async () => {
  await using own = await startFakeOllama();
  const { cli } = await createHome(own);
  const { exit, stderr } = await cli(['run-workflow', 'tester', '--file', 'flow.yaml'], { files });
  expect([exit, own.prompts]).toEqual([2, []]);
  expect(stderr).toContain("work: no agent 'worker'");
});

test('the plan names the agent of a step', async () => {
  await using own = await startFakeOllama();
  const { cli } = await createHome(own);
  await cli(['create-agent', 'worker', '--models', 'llama3.2']);
  const { stdout } = await cli(['run-workflow', 'tester', '--file', 'flow.yaml', '--dry-run', '--json'], { files });
  expect(JSON.parse(stdout)).toMatchObject({ tasks: [{ task: 'plan' }, { task: 'work', agent: 'worker' }] });
});

test('a run that goes on knows the agents of its steps, though they are changed or gone', async () => {
  await using own = await startFakeOllama({ models: ['llama3.2'] });
  await using other = await startFakeOllama({ models: ['codellama'] });
  const { cli } = await createHome(own);
  await cli(['create-agent', 'worker', '--models', 'codellama', '--set', `hosts=["${other.url}"]`]);
  const first = await cli(['run-workflow', 'tester', '--file', 'flow.yaml', '--json'], { files });
  await cli(['delete-agent', 'worker']);
  const again = await cli(['retry-run', documentOf(first).id, '--from', 'work', '--json']);
  expect([again.exit, own.prompts.length, other.prompts.length]).toEqual([0, 1, 2]);
});
