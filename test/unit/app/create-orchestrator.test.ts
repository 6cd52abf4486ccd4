import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createOrchestrator, defineTask, ProblemError, type Problem, type RunEvent } from '../../../src/index.ts';
import { startFakeOllama, type FakeOllama } from '../../rig/fake-ollama.ts';
import { testHost } from '../../rig/test-host.ts';
import { ManualClock } from '../engine/manual-clock.ts';

const agent = { name: 'inline', models: ['llama3.2'] };

const hostOf = ({ url }: FakeOllama) => testHost({ env: { OLLAMA_HOST: url } });

test('an agent may be made for one run; it is not stored', async () => {
  await using fake = await startFakeOllama();
  const orchestrator = createOrchestrator({ host: hostOf(fake) });
  const run = await orchestrator.runTasks({ agent, tasks: [{ type: 'generate', input: 'hi' }] });
  expect(run).toMatchObject({ agent: 'inline', status: 'completed', tasks: [{ name: 'task1' }] });
  expect(run).not.toHaveProperty('agent_id');
  expect(await orchestrator.agents.list()).toMatchObject({ agents: [] });
});

test('a stored agent is found by its name', async () => {
  await using fake = await startFakeOllama();
  const orchestrator = createOrchestrator({ host: hostOf(fake) });
  const { id } = await orchestrator.agents.create({ name: 'Helper', models: ['llama3.2'] });
  const run = await orchestrator.runTasks({ agent: 'helper', tasks: [{ type: 'generate', prompt: 'hi' }] });
  expect(run).toMatchObject({ agent: 'Helper', agent_id: id });
});

test('a workflow runs its steps and resolves to their document', async () => {
  await using fake = await startFakeOllama();
  const orchestrator = createOrchestrator({ host: hostOf(fake) });
  const run = await orchestrator.runWorkflow({
    agent,
    steps: [
      { name: 'a', type: 'generate', input: 'one' },
      { name: 'b', type: 'chat', input: 'two {{a}}' },
    ],
  });
  expect(run).toMatchObject({ success: true, output: run.steps?.[1]?.output });
  expect(run.steps?.[1]?.input).toBe(`two ${run.steps?.[0]?.output ?? ''}`);
});

test('a run is kept and can be looked at afterwards', async () => {
  await using fake = await startFakeOllama();
  const { runTasks, runs } = createOrchestrator({ host: hostOf(fake) });
  const run = await runTasks({ agent, tasks: [{ type: 'generate', input: 'hi' }] });
  expect(await runs.get(run.id)).toEqual(run);
});

test('without a journal nothing is kept', async () => {
  await using fake = await startFakeOllama();
  const { runTasks, runs } = createOrchestrator({ host: hostOf(fake), journal: false });
  await runTasks({ agent, tasks: [{ type: 'generate', input: 'hi' }] });
  expect(await runs.list()).toEqual([]);
});

test('a journal that cannot be opened is told, and the run goes on', async () => {
  await using fake = await startFakeOllama();
  const host = hostOf(fake);
  await mkdir(join(host.home, 'data', 'journal.db'), { recursive: true });
  const unkept: Problem[] = [];
  const run = await createOrchestrator({ host }).runTasks(
    { agent, tasks: [{ type: 'generate', input: 'hi' }] },
    { onUnkept: (problem) => unkept.push(problem) },
  );
  expect(run.status).toBe('completed');
  expect(unkept).toMatchObject([
    { code: 'storage-failed', message: expect.stringContaining('it is a folder') as string },
  ]);
  expect(host.stderr).toBe('');
});

test('a signal cancels the run: its connections are closed and it resolves as cancelled', async () => {
  await using fake = await startFakeOllama();
  const stopping = new AbortController();
  const running = createOrchestrator({ host: hostOf(fake) }).runTasks(
    { agent, tasks: [{ type: 'generate', input: 'hi' }] },
    { signal: stopping.signal },
  );
  const call = await fake.nextCall();
  stopping.abort();
  expect(await running).toMatchObject({ status: 'cancelled', tasks: [{ status: 'cancelled' }] });
  expect(await call.closed).toBe('client');
});

test('every event is handed on as it happens', async () => {
  await using fake = await startFakeOllama();
  const events: RunEvent[] = [];
  await createOrchestrator({ host: hostOf(fake) }).runTasks(
    { agent, tasks: [{ type: 'generate', input: 'hi' }] },
    { onEvent: (event) => events.push(event) },
  );
  expect(events[0]?.type).toBe('run.started');
  expect(events.at(-1)?.type).toBe('run.finished');
});

test('a custom task is done by the handler that was given, with its parameters', async () => {
  await using fake = await startFakeOllama();
  const orchestrator = createOrchestrator({
    host: hostOf(fake),
    custom: ({ input, parameters }) => `${input} ${String(parameters?.['times'])}`,
  });
  const run = await orchestrator.runTasks({
    agent,
    tasks: [{ type: 'custom', input: 'bell', parameters: { times: 3 } }],
  });
  expect(run.tasks).toMatchObject([{ type: 'custom', output: 'bell 3', parameters: { times: 3 } }]);
  expect(run.tasks?.[0]).not.toHaveProperty('model_used');
});

test('a task type of the user runs beside the built-in ones', async () => {
  await using fake = await startFakeOllama();
  const shout = defineTask({
    type: 'shout',
    summary: 'Say it louder',
    uses: [],
    needs: undefined,
    run: (calls) => Promise.resolve(calls.map(({ input }) => ({ output: input.toUpperCase() }))),
  });
  const run = await createOrchestrator({ host: hostOf(fake), taskTypes: [shout] }).runWorkflow({
    agent,
    steps: [
      { name: 'a', type: 'generate', input: 'hi' },
      { name: 'b', type: 'shout', input: '{{a}}' },
    ],
  });
  expect(run.output).toBe(run.steps?.[0]?.output?.toUpperCase());
});

test('what is wrong with a request rejects with all of its problems, and nothing is sent', async () => {
  await using fake = await startFakeOllama();
  const running = createOrchestrator({ host: hostOf(fake) }).runTasks({
    agent,
    tasks: [
      { type: 'genrate', input: 'x' },
      { type: 'generate', input: '' },
    ],
  });
  const error = await running.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).problems.map(({ code }) => code)).toEqual(['task-type-unknown', 'prompt-empty']);
  expect(fake.requests).toEqual([]);
});

test('an inline agent that is wrong is refused as a stored one is', async () => {
  const running = createOrchestrator({ host: testHost() }).runTasks({
    agent: { name: 'x', models: [] },
    tasks: [{ type: 'generate', input: 'x' }],
  });
  await expect(running).rejects.toMatchObject({ problem: { code: 'agent-invalid' } });
});

test('a plan tells where tasks would go and sends no prompt', async () => {
  await using fake = await startFakeOllama();
  const plan = await createOrchestrator({ host: hostOf(fake) }).plan({
    run_type: 'tasks',
    agent,
    tasks: [{ type: 'generate', input: 'x' }],
  });
  expect(plan.tasks).toMatchObject([{ task: 'task1', candidates: [{ model: 'llama3.2', host: fake.url }] }]);
  expect(plan.tasks[0]?.task_id).toBeUndefined();
  expect(fake.prompts).toEqual([]);
});

test('what is explained is what is planned, also with each model', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2', 'codellama'] });
  const request = {
    run_type: 'tasks' as const,
    agent: { ...agent, models: ['llama3.2', 'codellama'] },
    tasks: [{ type: 'generate', input: 'x' }],
    eachModel: true,
  };
  const orchestrator = createOrchestrator({ host: hostOf(fake) });
  const [explained, planned] = [await orchestrator.explain(request), await orchestrator.plan(request)];
  expect(explained.map(({ model }) => model)).toEqual(['llama3.2', 'codellama']);
  expect(planned.tasks.map(({ candidates }) => candidates[0]?.model)).toEqual(['llama3.2', 'codellama']);
});

test('tasks spread over the hosts of an agent, and a host that is down is passed over', async () => {
  await using one = await startFakeOllama();
  const config = { hosts: ['http://127.0.0.1:1', one.url] };
  const run = await createOrchestrator({ host: testHost() }).runTasks({
    agent: { ...agent, config },
    tasks: [{ type: 'generate', input: 'x' }],
  });
  expect(run.tasks).toMatchObject([{ status: 'completed', host: one.url }]);
});

test('a watcher that throws ends the run and rejects it', async () => {
  await using fake = await startFakeOllama();
  const running = createOrchestrator({ host: hostOf(fake) }).runTasks(
    { agent, tasks: [{ type: 'generate', input: 'x' }] },
    {
      onEvent: ({ type }) => {
        if (type === 'task.started') throw new Error('my code is wrong');
      },
    },
  );
  await expect(running).rejects.toThrow('my code is wrong');
  expect(fake.open).toBe(0);
});

test('an answer that falls silent in its middle is given up after two minutes, and the others go on', async () => {
  await using fake = await startFakeOllama();
  const clock = new ManualClock();
  const host = testHost({ env: { OLLAMA_HOST: fake.url }, clock });
  const running = createOrchestrator({ host }).runTasks(
    {
      agent,
      concurrency: 1,
      tasks: [
        { type: 'generate', input: 'one' },
        { type: 'generate', input: 'two' },
      ],
    },
    { onEvent: ({ type }) => type === 'task.delta' && setImmediate(() => clock.advance(121_000)) },
  );
  await (await fake.nextCall()).send('half');
  const second = await fake.nextCall();
  await second.finish();
  const { tasks } = await running;
  expect(tasks).toMatchObject([
    { status: 'failed', partial_output: 'half', problem: { code: 'stalled' } },
    { status: 'completed' },
  ]);
});

test('a run that did not succeed is tried again, and resolves to the whole of it', async () => {
  await using fake = await startFakeOllama();
  const orchestrator = createOrchestrator({ host: hostOf(fake) });
  fake.reply('/api/generate', (call) => call.fail(400, 'no'));
  const tasks = [
    { type: 'generate', input: 'one' },
    { type: 'chat', input: 'two' },
  ];
  const run = await orchestrator.runTasks({ agent, tasks });
  const past: RunEvent[] = [];
  const onPast = (event: RunEvent) => void past.push(event);
  const retried = await orchestrator.retryRun(run.id, {}, { onPast });
  expect(retried).toMatchObject({ id: run.id, status: 'completed', tasks: [{ status: 'completed' }, run.tasks?.[1]] });
  expect(past.filter(({ type }) => type === 'task.finished')).toMatchObject([{ task: 'task2' }]);
  expect(await orchestrator.runs.get('last')).toEqual(retried);
  await expect(orchestrator.resumeRun(run.id)).rejects.toMatchObject({ problem: { code: 'run-ended' } });
});

test('a run is cancelled from elsewhere, and tried again', async () => {
  await using fake = await startFakeOllama();
  const orchestrator = createOrchestrator({ host: hostOf(fake) });
  const running = orchestrator.runTasks({ agent, tasks: [{ type: 'generate', input: 'one' }] });
  await fake.nextCall();
  const id = await orchestrator.runs.cancel('last');
  expect(await running).toMatchObject({ id, status: 'cancelled', problem: { code: 'cancelled' } });
  fake.release();
  expect(await orchestrator.retryRun(id)).toMatchObject({ id, status: 'completed' });
});
