import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { documentOf, finishedOf, onlyTask, promptsOf, runTasks, runWorkflow } from './run-cli.ts';

const noRetries = ['--retries', '0'];

test('no server: exit 3, what was tried and what to type, and a document all the same', async () => {
  const result = await runTasks(['generate:x', 'generate:y'], ['--json'], {
    env: { OLLAMA_HOST: 'http://127.0.0.1:1' },
  });
  expect(result.exit).toBe(3);
  expect(result.stderr).toContain('no Ollama server answers at http://127.0.0.1:1: connection refused');
  expect(result.stderr).toContain("start it with 'ollama serve'");
  expect(result.stderr.match(/connection refused/g)).toHaveLength(1);
  expect(documentOf(result)).toMatchObject({ status: 'failed', error: '2 of 2 tasks failed', results: [] });
});

test('a model that is not installed: exit 4, with the command that gets it', async () => {
  await using fake = await startFakeOllama({ models: ['other'] });
  const result = await runTasks(['generate:x'], ['--json'], { fake });
  expect(result.exit).toBe(4);
  expect(result.stderr).toContain(`model 'llama3.2' is not installed on ${fake.url}`);
  expect(result.stderr).toContain('ollama pull llama3.2');
  expect(onlyTask(result)).toMatchObject({ status: 'failed', problem: { code: 'model-missing', task: 'task1' } });
  expect(promptsOf(fake)).toEqual([]);
});

test('--pull gets a missing model first, tells how far it is, and the task runs on it', async () => {
  await using fake = await startFakeOllama({ models: ['other'], pullable: ['llama3.2'] });
  const result = await runTasks(['generate:x'], ['--pull', '--json'], { fake });
  expect(result.exit).toBe(0);
  expect(result.stderr).toMatch(/^pulling llama3\.2: pulling manifest\n/);
  expect(result.stderr.match(/pulling manifest/g)).toHaveLength(1);
  expect(onlyTask(result)).toMatchObject({ model_used: 'llama3.2' });
});

test('a model that cannot be pulled fails the tasks that need it alone, and says why', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2'] });
  const tasks = ['{"type":"generate","input":"x","model":"nope"}', 'generate:y'].join('\n');
  const result = await runTasks([], ['--tasks-file', '-', '--pull', '--json'], { fake, stdin: tasks });
  expect(result.exit).toBe(1);
  expect(documentOf(result).tasks).toMatchObject([
    { status: 'failed', problem: { code: 'model-missing', message: "there is no model 'nope' to pull" } },
    { status: 'completed' },
  ]);
});

test('a missing model is replaced by the next one of the agent, which is said aloud', async () => {
  await using fake = await startFakeOllama({ models: ['mistral'] });
  const result = await runTasks(['generate:x'], ['--json'], { fake, agent: { models: ['llama3.2', 'mistral'] } });
  expect(result.exit).toBe(0);
  const message = `model 'llama3.2' is not installed on ${fake.url}; mistral takes its place`;
  expect(onlyTask(result)).toMatchObject({ model_used: 'mistral', warnings: [{ code: 'model-fallback', message }] });
  expect(result.stderr).toContain(message);
});

test('with fallback: false no other model takes its place: exit 4', async () => {
  await using fake = await startFakeOllama({ models: ['mistral'] });
  const agent = { models: ['llama3.2', 'mistral'], config: { fallback: false } };
  const result = await runTasks(['generate:x'], [], { fake, agent });
  expect(result).toMatchObject({ exit: 4, stdout: '' });
  expect(promptsOf(fake)).toEqual([]);
});

test('a model that the user named is never replaced', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2'] });
  const result = await runTasks(['generate:x'], ['--model', 'gone'], { fake });
  expect(result.exit).toBe(4);
  expect(promptsOf(fake)).toEqual([]);
});

test('failures of several kinds: exit 1, each told, the others unharmed', async () => {
  await using fake = await startFakeOllama();
  fake.reply(
    (call) => call.request.prompt === 'bad',
    (call) => call.fail(400, 'this is wrong'),
  );
  const tasks = ['generate:good', 'generate:bad', '{"type":"generate","input":"x","model":"gone"}'].join('\n');
  const result = await runTasks([], ['--tasks-file', '-', '--json'], { fake, stdin: tasks });
  expect(result.exit).toBe(1);
  const { tasks: entries = [], results = [], error } = documentOf(result);
  expect(entries.map(({ problem }) => problem?.code)).toEqual([undefined, 'request-refused', 'model-missing']);
  expect(results).toHaveLength(1);
  expect(error).toBe('2 of 3 tasks failed');
  expect(result.stderr).toContain(`task2 failed: ${fake.url} says this is wrong`);
});

test('a failed step skips those that need it, and the others run', async () => {
  await using fake = await startFakeOllama();
  fake.reply(
    (call) => call.request.prompt === 'one',
    (call) => call.fail(400, 'no'),
  );
  const steps = ['a:generate:one', 'b:generate:two {{a}}', 'c:generate:three'];
  const result = await runWorkflow(steps, ['--json'], { fake });
  expect(result.exit).toBe(1);
  expect(documentOf(result)).toMatchObject({
    success: false,
    steps: [
      { status: 'failed', success: false },
      { status: 'skipped', success: false, problem: { code: 'needs-failed' } },
      { status: 'completed', success: true },
    ],
  });
});

test('a task in sequence that refers to a failed one is skipped, the rest runs', async () => {
  await using fake = await startFakeOllama();
  fake.reply(
    (call) => call.request.prompt === 'one',
    (call) => call.fail(400, 'no'),
  );
  const tasks = ['generate:one', 'generate:two {{task1}}', 'generate:three'];
  const result = await runTasks(tasks, ['--sequential', '--json'], { fake });
  expect(documentOf(result).tasks?.map(({ status }) => status)).toEqual(['failed', 'skipped', 'completed']);
});

test('every failure a timeout: exit 5, the connection closed and nothing sent again', async () => {
  await using fake = await startFakeOllama({ silent: true });
  const result = await runTasks(['generate:x'], ['--timeout', '200ms', '--json'], { fake });
  expect(result.exit).toBe(5);
  expect(onlyTask(result)).toMatchObject({ attempts: 1, problem: { code: 'timeout' } });
  expect(fake.prompts.map(({ outcome }) => outcome)).toEqual(['client-closed']);
});

test('the time limit of the run: exit 5, what was not done is cancelled, the connection closed', async () => {
  await using fake = await startFakeOllama({ silent: true });
  const result = await runTasks(['generate:x', 'generate:y', 'generate:z'], ['--run-timeout', '0.3', '--json'], {
    fake,
  });
  expect(result.exit).toBe(5);
  expect(documentOf(result)).toMatchObject({
    status: 'failed',
    problem: { code: 'run-timeout' },
    totals: { cancelled: 3 },
  });
  await fake.until(({ open }) => open === 0);
});

test('what had arrived before a failure is kept as partial output', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', async (call) => {
    await call.send('Once upon');
    await call.send(' a time');
    await call.errorLine('an error was encountered while running the model: unexpected EOF');
  });
  const result = await runTasks(['generate:x'], ['--json'], { fake });
  expect(result.exit).toBe(1);
  expect(onlyTask(result)).toMatchObject({ partial_output: 'Once upon a time', problem: { code: 'model-failed' } });
  expect(onlyTask(result)).not.toHaveProperty('output');
});

test('a busy server is tried again, which is told, and the task completes', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', (call) => call.fail(503, 'server busy, please try again.'));
  const result = await runTasks(['generate:x'], ['--output', 'ndjson'], { fake });
  expect(result.exit).toBe(0);
  expect(finishedOf(result)).toMatchObject([{ status: 'completed', attempts: 2 }]);
  expect(result.stderr).toMatch(/task1 attempt 1 failed: .* is busy: server busy.*; retrying in 0?\.?5/);
});

test('an answer cut off by its limit completes with a warning', async () => {
  await using fake = await startFakeOllama();
  const result = await runTasks(['generate:x'], ['--option', 'num_predict=3', '--json'], { fake });
  expect(result.exit).toBe(0);
  expect(onlyTask(result)).toMatchObject({ done_reason: 'length', warnings: [{ code: 'output-length' }] });
  expect(result.stderr).toContain('the answer was cut off after 3 tokens');
});

test('a prompt that the server cut completes with a warning', async () => {
  await using fake = await startFakeOllama();
  const more = ['--option', 'num_ctx=100', '--on-truncate', 'warn', '--json'];
  const result = await runTasks([`generate:${'word '.repeat(400)}`], more, { fake });
  expect(onlyTask(result).warnings).toMatchObject([{ code: 'prompt-cut' }]);
  expect(result.stderr).toContain('the prompt was cut');
});

test.each<[string, object, string]>([
  ['an image', { images: ['aGk='] }, 'vision'],
  ['thinking', { think: true }, 'thinking'],
])('%s on a model that has no use for it: that task fails unsent, the others run', async (_what, fields, needed) => {
  await using fake = await startFakeOllama();
  const tasks = [JSON.stringify({ type: 'generate', input: 'x', ...fields }), 'generate:y'].join('\n');
  const result = await runTasks([], ['--tasks-file', '-', '--json'], { fake, stdin: tasks });
  expect(result.exit).toBe(1);
  const [first, second] = documentOf(result).tasks ?? [];
  expect(first).toMatchObject({ status: 'failed', attempts: 0, problem: { code: 'model-incapable' } });
  expect(first?.problem?.message).toContain(needed);
  expect(second?.status).toBe('completed');
  expect(promptsOf(fake)).toEqual(['y']);
});

test('an embed task without a model that can embed fails unsent, the others run', async () => {
  await using fake = await startFakeOllama();
  const result = await runTasks(['embed:x', 'generate:y'], ['--json'], { fake });
  expect(result.exit).toBe(1);
  expect(documentOf(result).tasks?.map(({ status }) => status)).toEqual(['failed', 'completed']);
});

test('a text too long to embed does not fail the texts that shared its request', async () => {
  await using fake = await startFakeOllama({
    models: [{ name: 'all-minilm', capabilities: ['embedding'], context_length: 256 }],
  });
  const tasks = ['embed:one', `embed:${'long '.repeat(400)}`, 'embed:three'];
  const result = await runTasks(tasks, ['--json'], { fake, agent: { models: ['all-minilm'] } });
  expect(result.exit).toBe(1);
  expect(documentOf(result).tasks).toMatchObject([
    { status: 'completed' },
    { status: 'failed', problem: { code: 'prompt-too-long' } },
    { status: 'completed' },
  ]);
});

test('garbage between the lines of an answer: completed, with a warning', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', async (call) => {
    await call.send('good');
    await call.sendRaw('<html>proxy says hi</html>\n');
    await call.finish();
  });
  const result = await runTasks(['generate:x'], ['--json'], { fake });
  expect(result.exit).toBe(0);
  expect(onlyTask(result)).toMatchObject({ output: 'good', warnings: [{ code: 'lines-dropped' }] });
});

test('a clean end without a closing line is a failure', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', async (call) => {
    await call.send('half');
    await call.endWithoutDone();
  });
  const result = await runTasks(['generate:x'], ['--json'], { fake });
  expect(result.exit).toBe(1);
  expect(onlyTask(result)).toMatchObject({ partial_output: 'half', problem: { code: 'stream-incomplete' } });
});

test('with --fail-fast what has not started is skipped', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', (call) => call.fail(400, 'no'));
  const more = ['--fail-fast', '--concurrency', '1', '--json', ...noRetries];
  const result = await runTasks(['generate:x', 'generate:y'], more, { fake });
  expect(result.exit).toBe(1);
  expect(documentOf(result).tasks).toMatchObject([
    { status: 'failed' },
    { status: 'skipped', problem: { code: 'fail-fast' } },
  ]);
});

test('an interrupted run closes its connections, prints what there is and exits 130', async () => {
  await using fake = await startFakeOllama();
  const call = fake.nextCall();
  const result = await runTasks(['generate:x', 'generate:y'], ['--json', '--concurrency', '1'], {
    fake,
    onStart: (host) => void call.then(() => host.interrupt()),
  });
  expect(result.exit).toBe(130);
  expect(documentOf(result)).toMatchObject({ status: 'interrupted', totals: { cancelled: 2 } });
  expect(await (await call).closed).toBe('client');
});

test('a terminated run exits 143', async () => {
  await using fake = await startFakeOllama();
  const call = fake.nextCall();
  const result = await runTasks(['generate:x'], [], {
    fake,
    onStart: (host) => void call.then(() => host.interrupt('SIGTERM')),
  });
  expect(result.exit).toBe(143);
});

test('a run that is interrupted while the server is surveyed exits 130 and prints nothing on stdout', async () => {
  await using fake = await startFakeOllama();
  const survey = fake.nextCall('/api/tags');
  const result = await runTasks(['generate:x'], ['--json'], {
    fake,
    onStart: (host) => void survey.then(() => host.interrupt()),
  });
  expect(result).toMatchObject({ exit: 130, stdout: '' });
});
