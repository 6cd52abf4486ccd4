import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { cli, documentOf, onlyTask, promptsOf, runTasks, runWorkflow } from './run-cli.ts';

const quiet = ['--quiet'];

test('prompts reach the server as they were typed, colons, braces and all', async () => {
  await using fake = await startFakeOllama();
  const prompt = ' a: {{b}} "c" \\n $HOME {"d": 1} — é🎉 ';
  const result = await runTasks([`generate:${prompt}`], [], { fake });
  expect(result.exit).toBe(0);
  expect(promptsOf(fake)).toEqual([prompt]);
  expect(result.stderr).toContain('{{b}} is sent as typed');
});

test('a prompt may come from a file, bytes as they are', async () => {
  await using fake = await startFakeOllama();
  const text = 'line one\r\n{{x}} line two\n';
  await runTasks(['generate:@prompt.txt', 'generate:@@home'], quiet, { fake, files: { 'prompt.txt': text } });
  expect(new Set(promptsOf(fake))).toEqual(new Set([text, '@home']));
});

test('a tasks file holds lines and JSON side by side', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2', 'codellama'] });
  const file = ['generate:one', '', '{"type":"generate","prompt":"two","model":"codellama","name":"second"}'].join(
    '\n',
  );
  const result = await cli(['run-tasks', 'tester', '--tasks-file', 'tasks.jsonl', '--json'], {
    fake,
    agent: { models: ['llama3.2', 'codellama'] },
    files: { 'tasks.jsonl': file },
  });
  expect(documentOf(result).tasks).toMatchObject([
    { name: 'task1', input: 'one', model_used: 'llama3.2' },
    { name: 'second', input: 'two', model_name: 'codellama', model_used: 'codellama' },
  ]);
  expect(documentOf(result).tasks?.[0]).not.toHaveProperty('model_name');
});

test('a tasks file may be piped in', async () => {
  await using fake = await startFakeOllama();
  const argv = ['run-tasks', 'tester', '--tasks-file', '-', '--quiet'];
  const result = await cli(argv, { fake, stdin: 'generate:one\ngenerate:two\n' });
  expect(result.exit).toBe(0);
  expect(new Set(promptsOf(fake))).toEqual(new Set(['one', 'two']));
});

test('variables and piped text fill their placeholders, and what they hold is not looked at again', async () => {
  await using fake = await startFakeOllama();
  const more = ['--var', 'lang=Go {{stdin}}', ...quiet];
  await runTasks(['generate:{{vars.lang}}: {{ stdin }}'], more, { fake, stdin: 'a {{vars.lang}}\n' });
  expect(promptsOf(fake)).toEqual(['Go {{stdin}}: a {{vars.lang}}\n']);
});

test('tasks in sequence may use the outputs of those before them', async () => {
  await using fake = await startFakeOllama();
  for (const text of ['ONE', 'TWO', 'THREE'])
    fake.reply('/api/generate', async (call) => {
      await call.send(text);
      await call.finish();
    });
  const tasks = ['generate:first', 'generate:then {{previous}}', 'generate:{{task1}} and {{previous}}'];
  await runTasks(tasks, ['--sequential', ...quiet], { fake });
  expect(promptsOf(fake)).toEqual(['first', 'then ONE', 'ONE and TWO']);
  expect(fake.maxOpen).toBe(1);
});

test('a workflow fills in variables, environment, piped text and steps by name or number', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', async (call) => {
    await call.send('PLAN');
    await call.finish();
  });
  const steps = ['plan:generate:go', 'b:generate:{{steps.plan.output}} {{step1}} {{vars.x}} {{env.WHO}} {{stdin}}'];
  await runWorkflow(steps, ['--var', 'x=1', ...quiet], { fake, stdin: 'text', env: { WHO: 'me' } });
  expect(promptsOf(fake)[1]).toBe('PLAN PLAN 1 me text');
});

test('--model names the model of every task', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2', 'mistral'] });
  const result = await runTasks(['generate:x'], ['--model', 'mistral', '--json'], { fake });
  expect(onlyTask(result)).toMatchObject({ model_name: 'mistral', model_used: 'mistral' });
});

test('--option is sent with every prompt, numbers as numbers, and wins over the agent', async () => {
  await using fake = await startFakeOllama();
  const more = ['--option', 'num_ctx=8192', '--option', 'stop=["END"]', ...quiet];
  await runTasks(['generate:x'], more, { fake, agent: { config: { options: { num_ctx: 2048, seed: 7 } } } });
  expect(fake.prompts[0]?.body.options).toEqual({ num_ctx: 8192, seed: 7, stop: ['END'] });
});

test('every field of a task as JSON reaches the server', async () => {
  await using fake = await startFakeOllama({
    models: [{ name: 'llama3.2', capabilities: ['completion', 'vision', 'thinking'] }],
  });
  const schema = { type: 'object', properties: { a: { type: 'integer' } } };
  const task = {
    ...{ type: 'chat', input: 'and now?', system: 'be brief', format: schema, think: true, options: { top_k: 3 } },
    ...{
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'ho' },
      ],
      images: ['aGk='],
    },
    parameters: { timeout: '20s' },
  };
  const argv = ['run-tasks', 'tester', '--tasks-file', 't.jsonl', '--json'];
  const result = await cli(argv, { fake, files: { 't.jsonl': JSON.stringify(task) } });
  expect(fake.prompts[0]?.body).toMatchObject({
    messages: [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'ho' },
      { role: 'user', content: 'and now?', images: ['aGk='] },
    ],
    ...{ format: schema, think: true, options: { top_k: 3 }, stream: true },
  });
  expect(onlyTask(result)).toMatchObject({ structured: { a: expect.any(Number) as number }, thinking: 'Let me see.' });
  expect(onlyTask(result).parameters).toEqual({ timeout: '20s' });
});

test('three embed tasks cost one request, and their vectors are in the document', async () => {
  await using fake = await startFakeOllama({ models: [{ name: 'all-minilm', capabilities: ['embedding'] }] });
  const tasks = ['embed:one', 'embed:two', 'embed:three'];
  const result = await runTasks(tasks, ['--json'], { fake, agent: { models: ['all-minilm'] } });
  expect(promptsOf(fake)).toEqual([['one', 'two', 'three']]);
  const { tasks: entries = [], results = [] } = documentOf(result);
  expect(entries.map(({ embedding }) => embedding?.length)).toEqual([384, 384, 384]);
  expect(results.map(({ embedding }) => embedding)).toEqual(entries.map(({ embedding }) => embedding));
});

test('an embed task goes to the model of the agent that can embed', async () => {
  await using fake = await startFakeOllama({
    models: ['llama3.2', { name: 'all-minilm', capabilities: ['embedding'] }],
  });
  const options = { fake, agent: { models: ['llama3.2', 'all-minilm'] } };
  const result = await runTasks(['embed:one', 'generate:two'], ['--json'], options);
  expect(documentOf(result).tasks).toMatchObject([{ model_used: 'all-minilm' }, { model_used: 'llama3.2' }]);
});

test.each<[string, string[], string]>([
  ['an agent', ['run-tasks', 'tster', '--tasks', 'generate:x'], "did you mean 'tester'?"],
  ['a task type', ['run-tasks', 'tester', '--tasks', 'genrate:x'], "did you mean 'generate'?"],
  ['the type of a step', ['run-workflow', 'tester', '--steps', 'a:chats:x'], "did you mean 'chat'?"],
  ['a command', ['run-task', 'tester'], 'run-tasks'],
  ['a flag', ['run-tasks', 'tester', '--taks', 'generate:x'], '--tasks'],
  [
    'a placeholder',
    ['run-workflow', 'tester', '--steps', 'plan:generate:x', '--steps', 'b:generate:{{pln}}'],
    "did you mean 'plan'?",
  ],
  [
    'a variable',
    ['run-tasks', 'tester', '--tasks', 'generate:{{vars.nme}}', '--var', 'name=x'],
    "did you mean 'name'?",
  ],
  [
    'a task of a sequence',
    ['run-tasks', 'tester', '--sequential', '--tasks', 'generate:{{task9}}'],
    'refers to no earlier task',
  ],
  ['a step without a name', ['run-workflow', 'tester', '--steps', 'generate:x'], 'name:type:prompt'],
  ['a duration', ['run-tasks', 'tester', '--tasks', 'generate:x', '--timeout', '5x'], '--timeout'],
  ['a number', ['run-tasks', 'tester', '--tasks', 'generate:x', '--concurrency', '0'], '--concurrency'],
  ['an empty prompt', ['run-tasks', 'tester', '--tasks', 'generate:'], 'the prompt is empty'],
  ['no task at all', ['run-tasks', 'tester'], '--tasks'],
  ['a file that is not there', ['run-tasks', 'tester', '--tasks-file', 'nope.jsonl'], 'nope.jsonl'],
  [
    'steps in a circle',
    ['run-workflow', 'tester', '--steps', 'a:generate:{{b}}', '--steps', 'b:generate:{{a}}'],
    'a → b → a',
  ],
  [
    'two steps of one name',
    ['run-workflow', 'tester', '--steps', 'a:generate:x', '--steps', 'A:generate:y'],
    'names are unique',
  ],
  ['the type tool', ['run-tasks', 'tester', '--tasks', 'tool:x'], "unknown task type 'tool'"],
  ['the type plugin', ['run-tasks', 'tester', '--tasks', 'plugin:x'], "unknown task type 'plugin'"],
  ['the type reflect', ['run-tasks', 'tester', '--tasks', 'reflect:x'], "unknown task type 'reflect'"],
  ['a custom task', ['run-tasks', 'tester', '--tasks', 'custom:x'], "no handler is registered for task type 'custom'"],
])('%s that is wrong: exit 2, what to do, no prompt sent, nothing on stdout', async (_what, argv, said) => {
  await using fake = await startFakeOllama();
  const result = await cli([...argv, '--json'], { fake });
  expect(result).toMatchObject({ exit: 2, stdout: '' });
  expect(result.stderr).toContain(said);
  expect(promptsOf(fake)).toEqual([]);
});
