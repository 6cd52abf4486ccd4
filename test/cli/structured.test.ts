import { expect, test } from 'vitest';
import { startFakeOllama, type FakeOllama } from '../rig/fake-ollama.ts';
import { cli, documentOf, eventsOf, onlyTask, promptsOf, runTasks, runWorkflow } from './run-cli.ts';

const schema = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] };
const task = { type: 'generate', input: 'How old?', format: schema };

/** A server that gives these answers, one after another. */
async function serverSaying(...answers: string[]): Promise<FakeOllama> {
  const fake = await startFakeOllama();
  for (const answer of answers) {
    fake.reply(
      (call) => call.path === '/api/generate' || call.path === '/api/chat',
      async (call) => {
        await call.send(answer);
        await call.finish({ prompt_eval_count: 10, eval_count: 5 });
      },
    );
  }
  return fake;
}

const run = (fake: FakeOllama, one: object, ...more: string[]) =>
  runTasks([], ['--tasks-file', '-', ...more], { fake, stdin: JSON.stringify(one) });

test('the document in an answer is the output, and the whole answer is kept', async () => {
  await using fake = await serverSaying('Sure: {"age": 7}!');
  const result = await run(fake, task, '--json');
  expect(onlyTask(result)).toMatchObject({
    ...{ status: 'completed', attempts: 1, output: '{"age": 7}' },
    ...{ structured: { age: 7 }, full_output: 'Sure: {"age": 7}!' },
  });
});

test('an answer that does not fit its schema is sent back with what is wrong, and what follows is counted', async () => {
  await using fake = await serverSaying('{"age":"seven"}', '{"age":7}');
  const result = await run(fake, task, '--json');
  expect(onlyTask(result)).toMatchObject({
    ...{ status: 'completed', attempts: 2, input: 'How old?', output: '{"age":7}' },
    metrics: { prompt_tokens: 20, output_tokens: 10 },
  });
  expect(promptsOf(fake)[1]).toBe(
    'How old?\n\nYour answer was:\n{"age":"seven"}\n\nThis is not the JSON that was asked for: /age must be integer. Answer with the corrected JSON document and nothing else.',
  );
});

test('a chat goes on with the answer and what is wrong with it', async () => {
  await using fake = await serverSaying('no', '{"age":7}');
  await run(fake, { ...task, type: 'chat', system: 'Be brief.' }, '--json');
  expect(promptsOf(fake)[1]).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'How old?' },
    { role: 'assistant', content: 'no' },
    { role: 'user', content: expect.stringContaining('there is no JSON document in it') as string },
  ]);
});

test('an answer that could not be mended is asked for afresh, and then the task fails with the reason', async () => {
  await using fake = await serverSaying('no', 'nope', '{"age":"x"}');
  const result = await run(fake, task, '--json');
  expect(result.exit).toBe(1);
  expect(onlyTask(result)).toMatchObject({
    ...{ status: 'failed', attempts: 3, partial_output: '{"age":"x"}' },
    problem: { code: 'output-invalid', message: 'the answer is not of its format: /age must be integer' },
  });
  expect(promptsOf(fake)[2]).toBe('How old?');
});

test('each round is an attempt of its own in the events', async () => {
  await using fake = await serverSaying('no', '{"age":7}');
  const events = eventsOf(await run(fake, task, '--output', 'ndjson'));
  const told = events.filter(({ type }) => type.startsWith('task.') && type !== 'task.waiting');
  expect(told).toMatchObject([
    { type: 'task.started', attempt: 1 },
    { type: 'task.delta', attempt: 1, offset: 0 },
    { type: 'task.retrying', attempt: 1, delay_ns: 0, problem: { code: 'output-invalid' } },
    { type: 'task.started', attempt: 2 },
    { type: 'task.delta', attempt: 2, offset: 0 },
    { type: 'task.finished', status: 'completed' },
  ]);
});

test('a pipe is told why an answer was sent back', async () => {
  await using fake = await serverSaying('no', '{"age":7}');
  const { stderr } = await run(fake, task);
  expect(stderr).toContain(
    'attempt 1 failed: the answer is not of its format: there is no JSON document in it; retrying now\n',
  );
});

test('without retries nothing is sent again', async () => {
  await using fake = await serverSaying('no');
  expect(onlyTask(await run(fake, { ...task, retries: 0 }, '--json'))).toMatchObject({ status: 'failed', attempts: 1 });
});

test('nothing invalid reaches a step that needs it', async () => {
  await using fake = await serverSaying('no');
  const steps = ['a:generate:one', 'b:generate:two {{a}}'];
  const result = await runWorkflow(steps, ['--extract', 'json', '--json'], { fake });
  expect(documentOf(result).steps).toMatchObject([{ status: 'failed', attempts: 1 }, { status: 'skipped' }]);
});

test('steps of a workflow file pass on what was found in their answers', async () => {
  await using fake = await serverSaying('Here:\n```python\nprint(1)\n```', 'no', 'It is {"age":7}.');
  const file = `steps:
  - { name: code, type: generate, prompt: ONE, extract: code:python }
  - { name: age, type: generate, prompt: "two {{code}}", format: ${JSON.stringify(schema)} }`;
  const flags = ['run-workflow', 'tester', '--file', 'flow.yaml', '--json'];
  const { steps } = documentOf(await cli(flags, { fake, files: { 'flow.yaml': file } }));
  expect(steps).toMatchObject([
    { output: 'print(1)' },
    { input: 'two print(1)', attempts: 2, output: '{"age":7}', structured: { age: 7 } },
  ]);
});

test.each(['{"type":"nonsense"}', '{"$ref":"#/gone"}'])(
  'the schema %s is refused before anything is sent',
  async (bad) => {
    await using fake = await startFakeOllama();
    const result = await run(fake, { ...task, format: JSON.parse(bad) as object }, '--json');
    expect(result).toMatchObject({ exit: 2, stdout: '' });
    expect(result.stderr).toContain('format: no valid JSON Schema');
    expect(fake.requests).toEqual([]);
  },
);

test('--extract code prints the first code block, and nothing of it before the answer is complete', async () => {
  await using fake = await serverSaying('Here:\n```python\nprint(1)\n```\nDone.');
  expect(await runTasks(['generate:x'], ['--extract', 'code'], { fake })).toMatchObject({
    exit: 0,
    stdout: 'print(1)\n',
  });
});

test('a language that is not there fails with what was looked for', async () => {
  await using fake = await serverSaying('```python\nprint(1)\n```');
  const result = await runTasks(['generate:x'], ['--extract', 'code:rust', '--json'], { fake });
  expect(onlyTask(result)).toMatchObject({
    partial_output: '```python\nprint(1)\n```',
    problem: {
      code: 'output-invalid',
      message:
        "'code:rust' cannot be extracted from the answer: there is no fenced code block of rust in it, only python",
    },
  });
});

test.each([
  ['--extract', 'yaml'],
  ['--on-truncate', 'ignore'],
])('%s %s is wrong usage', async (...flags) => {
  await using fake = await startFakeOllama();
  expect((await runTasks(['generate:x'], flags, { fake })).exit).toBe(2);
});
