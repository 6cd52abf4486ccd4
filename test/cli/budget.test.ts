import { expect, test } from 'vitest';
import { startFakeOllama, type FakeCall } from '../rig/fake-ollama.ts';
import { ManualClock } from '../unit/engine/manual-clock.ts';
import { cli, documentOf, runTasks, runWorkflow } from './run-cli.ts';

const chain = ['a:generate:one', 'b:generate:two {{a}}', 'c:generate:three {{b}}'];
const say = async (call: FakeCall, text: string): Promise<void> => {
  await call.send(text);
  await call.finish({ prompt_eval_count: 10, eval_count: 5 });
};

test('tokens: what is over the budget is not started, and the message says what was used', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', (call) => say(call, 'A'), { times: 2 });
  const result = await runWorkflow(chain, ['--budget', 'tokens=20', '--json'], { fake });
  const message = 'the run reached its budget of 20 tokens, 30 are used';
  expect(result.exit).toBe(5);
  expect(documentOf(result)).toMatchObject({
    status: 'failed',
    error: message,
    problem: { code: 'budget-reached' },
    steps: [
      { name: 'a', status: 'completed' },
      { name: 'b', status: 'completed' },
      { name: 'c', status: 'skipped', problem: { code: 'budget-reached', message } },
    ],
    totals: { completed: 2, skipped: 1, prompt_tokens: 20, output_tokens: 10 },
  });
  expect(result.stderr).toContain(`${message}; raise it with --budget`);
});

test('loads: after the last load that is allowed nothing more starts', async () => {
  await using fake = await startFakeOllama({ models: ['a', 'b'], room: 1 });
  const tasks = ['a', 'b'].map((model) => JSON.stringify({ type: 'generate', input: 'x', model })).join('\n');
  const options = { fake, stdin: tasks, agent: { models: ['a', 'b'] } };
  const result = await cli(
    ['run-tasks', 'tester', '--tasks-file', '-', '--sequential', '--budget', 'loads=1', '--json'],
    options,
  );
  expect(result.exit).toBe(5);
  expect(documentOf(result)).toMatchObject({
    error: 'the run reached its budget of 1 model load',
    tasks: [{ status: 'completed' }, { status: 'skipped', problem: { code: 'budget-reached' } }],
    totals: { model_loads: 1 },
  });
  expect(fake.totalLoads).toBe(1);
});

test('time: what is under way ends, and nothing new starts', async () => {
  await using fake = await startFakeOllama();
  const clock = new ManualClock();
  const running = runWorkflow(chain, ['--budget', 'time=1m', '--json'], { fake, clock });
  const call = await fake.nextCall('/api/generate');
  clock.advance(60_000);
  await say(call, 'late');
  const result = await running;
  expect(result.exit).toBe(5);
  expect(documentOf(result)).toMatchObject({
    error: 'the run reached its budget of 1m0s',
    steps: [{ status: 'completed', output: 'late' }, { status: 'skipped' }, { status: 'skipped' }],
  });
});

test('the budget of an agent holds, and a flag wins for its own limit alone', async () => {
  await using fake = await startFakeOllama();
  const agent = { config: { budget: { tokens: 1, loads: 1 } } };
  const tasks = ['generate:one', 'generate:two'];
  const limited = await runTasks(tasks, ['--concurrency', '1', '--json'], { fake, agent });
  expect([limited.exit, documentOf(limited).totals.skipped]).toEqual([5, 1]);

  await using other = await startFakeOllama();
  const flags = ['--concurrency', '1', '--budget', 'tokens=1000000', '--json'];
  const raised = await runTasks(tasks, flags, { fake: other, agent });
  expect(documentOf(raised).error).toBe('the run reached its budget of 1 model load');
});

test('the budget of a workflow file wins over that of the agent, and a flag over both', async () => {
  await using fake = await startFakeOllama();
  const file = 'budget: tokens=1\nsteps: [{ type: generate, prompt: x }, { type: generate, prompt: "{{step1}}" }]\n';
  const options = { fake, agent: { config: { budget: { tokens: 1_000_000 } } }, files: { 'flow.yaml': file } };
  const argv = ['run-workflow', 'tester', '--file', 'flow.yaml', '--json'];
  const limited = await cli(argv, options);
  expect([limited.exit, documentOf(limited).totals]).toMatchObject([5, { completed: 1, skipped: 1 }]);
  expect((await cli([...argv, '--budget', 'tokens=1000000'], options)).exit).toBe(0);
});

test('a budget that is enough changes nothing', async () => {
  await using fake = await startFakeOllama();
  const result = await runTasks(['generate:one'], ['--budget', 'tokens=1', '--budget', 'time=10m'], { fake });
  expect(result.exit).toBe(0);
});

test.each([
  ['tokens=0', 'tokens must be a whole number above 0, such as tokens=50000.'],
  ['tokens=1e3', 'tokens must be a whole number above 0, such as tokens=50000.'],
  ['tokens=50k', 'tokens must be a whole number above 0, such as tokens=50000.'],
  ['loads=1.5', 'loads must be a whole number above 0, such as loads=3.'],
  ['time=soon', "time must be a duration such as '90s' or '10m', above 0 and below 24 days."],
  ['token=5', "each of them optional; did you mean 'tokens'?"],
  ['5000', "'5000' is not."],
  ['tokens=5,tokens=6', "'tokens' is given twice."],
])('--budget %s is refused before anything is sent', async (budget, reason) => {
  await using fake = await startFakeOllama();
  const result = await runTasks(['generate:one'], ['--budget', budget], { fake });
  expect({ exit: result.exit, stdout: result.stdout }).toEqual({ exit: 2, stdout: '' });
  expect(result.stderr).toContain(reason);
  expect(fake.requests).toEqual([]);
});

test('an agent keeps its budget as it was typed, and shows it', async () => {
  const create = ['create-agent', 'thrifty', '--models', 'llama3.2', '--budget', 'tokens=50000,time=10m', '--json'];
  const created = await cli(create);
  expect(JSON.parse(created.stdout)).toMatchObject({ config: { budget: { tokens: 50000, time: '10m' } } });
});

test('update-agent --budget changes the limits it names; show-agent --effective says where they come from', async () => {
  const agent = { config: { budget: { tokens: 5, time: 90 } } };
  const updated = await cli(['update-agent', 'tester', '--budget', 'tokens=7', '--json'], { agent });
  expect(JSON.parse(updated.stdout)).toMatchObject({ config: { budget: { tokens: 7, time: 90 } } });
  const shown = await cli(['show-agent', 'tester', '--effective'], { agent });
  expect(shown.stdout).toMatch(/budget\.tokens +5 +agent\n +budget\.time +90 +agent/);
});
