import { expect, test } from 'vitest';
import { startFakeOllama, type FakeOllama } from '../rig/fake-ollama.ts';
import { documentOf, eventsOf, runTasks, runWorkflow } from './run-cli.ts';

/** A server that answers each prompt with itself in capitals. */
async function loudServer(models = ['llama3.2']): Promise<FakeOllama> {
  const fake = await startFakeOllama({ models });
  fake.reply(
    '/api/generate',
    async (call) => {
      await call.send(String(call.request.prompt).toUpperCase());
      await call.finish({ prompt_eval_count: 5, eval_count: 7 });
    },
    { times: 100 },
  );
  return fake;
}

test('one task prints its bare output and one newline', async () => {
  await using fake = await loudServer();
  const result = await runTasks(['generate:hello'], [], { fake });
  expect(result).toMatchObject({ exit: 0, stdout: 'HELLO\n' });
});

test('several tasks print a block each, in the order they were given', async () => {
  await using fake = await loudServer();
  const result = await runTasks(['generate:one', 'generate:two'], [], { fake });
  expect(result.stdout).toBe('=== task1 (llama3.2)\nONE\n\n=== task2 (llama3.2)\nTWO\n');
});

test('a workflow prints the output of its last step', async () => {
  await using fake = await loudServer();
  const steps = ['plan:generate:a plan', 'code:generate:from {{plan}}'];
  const result = await runWorkflow(steps, [], { fake });
  expect(result).toMatchObject({ exit: 0, stdout: 'FROM A PLAN\n' });
});

test('progress goes to stderr, a line per transition', async () => {
  await using fake = await loudServer();
  const { stderr } = await runTasks(['generate:one', 'generate:two'], [], { fake });
  const lines = stderr.replace(/[0-9a-f-]{36}/, 'ID').replace(/\d[\d.]* ?m?s\b/g, 'TIME');
  expect(lines).toContain('run ID: 2 tasks, agent tester\n');
  expect(lines).toContain(`task1 started: llama3.2 on ${fake.url}\n`);
  expect(lines).toContain('task1 completed in TIME');
  expect(lines).toMatch(/2 tasks completed in TIME/);
});

test('with --quiet stderr stays empty when all goes well', async () => {
  await using fake = await loudServer();
  const result = await runTasks(['generate:one', 'generate:two'], ['--quiet'], { fake });
  expect(result).toMatchObject({ exit: 0, stderr: '' });
});

test('with --quiet a failure is still told', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', (call) => call.fail(400, 'bad luck'));
  const result = await runTasks(['generate:one'], ['--quiet'], { fake });
  expect(result).toMatchObject({ exit: 1, stdout: '' });
  expect(result.stderr).toContain(`task1 failed: ${fake.url} says bad luck`);
});

test('--json prints the run document, and nothing of a field that does not apply', async () => {
  await using fake = await loudServer();
  const result = await runTasks(['generate:Fix this code: x=1'], ['--json'], { fake });
  const id = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string;
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
  const ns = expect.any(Number) as number;
  const hash = /^[0-9a-f]{64}$/;
  const metrics = {
    ...{
      duration: expect.any(String) as string,
      total_ns: ns,
      queued_ns: ns,
      load_ns: ns,
      model_loaded: true,
      prompt_eval_ns: ns,
      eval_ns: ns,
    },
    ...{ first_token_ns: ns, prompt_tokens: 5, output_tokens: 7, tokens_used: 12, tokens_per_second: ns },
  };
  expect(documentOf(result)).toStrictEqual({
    ...{
      id,
      run_type: 'tasks',
      agent_id: id,
      agent: 'tester',
      status: 'completed',
      created_at: time,
      completed_at: time,
    },
    tasks: [
      {
        ...{ id, name: 'task1', type: 'generate', input: 'Fix this code: x=1', status: 'completed' },
        ...{
          created_at: time,
          completed_at: time,
          output: 'FIX THIS CODE: X=1',
          model_used: 'llama3.2',
          host: fake.url,
        },
        ...{
          kind: 'code',
          reasons: ["first of the agent's models"],
          needs: [],
          attempts: 1,
          done_reason: 'stop',
          fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          model_digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          metrics,
        },
        ...{ model_digest: expect.stringMatching(hash) as string, fingerprint: expect.stringMatching(hash) as string },
      },
    ],
    results: [{ task_id: id, output: 'FIX THIS CODE: X=1', model_used: 'llama3.2', metrics }],
    totals: {
      ...{ tasks: 1, completed: 1, failed: 0, skipped: 0, cancelled: 0, reused: 0, model_loads: 1 },
      ...{ prompt_tokens: 5, output_tokens: 7, duration: expect.any(String) as string, total_ns: ns },
    },
  });
  const [task] = documentOf(result).tasks ?? [];
  expect(documentOf(result).results?.[0]?.task_id).toBe(task?.id);
});

test('the document of a workflow has steps with success, and the result as its output', async () => {
  await using fake = await loudServer();
  const result = await runWorkflow(['a:generate:one', 'b:generate:two {{a}}'], ['--json'], { fake });
  const document = documentOf(result);
  expect(document).toMatchObject({ run_type: 'workflow', status: 'completed', success: true, output: 'TWO ONE' });
  expect(document.steps).toMatchObject([
    { name: 'a', success: true, needs: [] },
    { name: 'b', success: true, needs: ['a'], input: 'two ONE' },
  ]);
  expect(document).not.toHaveProperty('tasks');
});

test('ndjson prints the events as they happen, one per line', async () => {
  await using fake = await loudServer();
  const result = await runWorkflow(['a:generate:one', 'b:generate:two {{a}}'], ['--output', 'ndjson'], { fake });
  const events = eventsOf(result);
  expect(events.map(({ type }) => type)).toEqual([
    'run.started',
    'task.waiting',
    ...['task.started', 'task.delta', 'task.finished'],
    ...['task.started', 'task.delta', 'task.finished'],
    'run.finished',
  ]);
  expect(events.flatMap((event) => ('seq' in event ? [event.seq] : []))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(new Set(events.map(({ run_id }) => run_id)).size).toBe(1);
  expect(events[0]).toMatchObject({
    run_type: 'workflow',
    agent: 'tester',
    plan: { tasks: [{ task: 'a' }, { task: 'b' }] },
  });
  const [planned] = events[0]?.type === 'run.started' ? events[0].plan.tasks : [];
  expect(events[2]).toMatchObject({
    task: 'a',
    task_id: planned?.task_id,
    attempt: 1,
    model: 'llama3.2',
    host: fake.url,
  });
});

test('markdown prints a report with the answers', async () => {
  await using fake = await loudServer();
  const result = await runTasks(['generate:one', 'generate:two'], ['--output', 'markdown'], { fake });
  expect(result.exit).toBe(0);
  expect(result.stdout).toContain('ONE');
  expect(result.stdout).toMatch(/^#/m);
});

test('an embed task prints its vector as a JSON array', async () => {
  await using fake = await startFakeOllama({ models: [{ name: 'all-minilm', capabilities: ['embedding'] }] });
  const result = await runTasks(['embed:hello'], [], { fake, agent: { models: ['all-minilm'] } });
  const vector = JSON.parse(result.stdout) as number[];
  expect(vector).toHaveLength(384);
  expect(vector.every((value) => typeof value === 'number')).toBe(true);
});
