import { expect, test } from 'vitest';
import type { PlanSnapshot } from '../../src/events/plan-snapshot.ts';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { startSimulatedServer } from '../rig/simulated-server.ts';
import { createHome, shown } from './home.ts';
import { eventsOf, promptsOf, runTasks, runWorkflow } from './run-cli.ts';

const steps = ['a:generate:one', 'b:generate:two {{a}}'];

test('--dry-run prints the plan and sends no prompt', async () => {
  await using fake = await startFakeOllama();
  const result = await runWorkflow(steps, ['--dry-run', '--json'], { fake });
  expect(result.exit).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({
    tasks: [
      { task: 'a', type: 'generate', needs: [], candidates: [{ model: 'llama3.2', host: fake.url }], prompt_tokens: 1 },
      { task: 'b', needs: ['a'], input: 'two {{a}}', prompt_tokens: 1, prompt_incomplete: true },
    ],
    order: ['a', 'b'],
    longest_path: ['a', 'b'],
  });
  expect(promptsOf(fake)).toEqual([]);
});

test('its JSON is the plan of run.started, but for the ids, and what is predicted', async () => {
  await using fake = await startFakeOllama();
  const planned = await runWorkflow(steps, ['--dry-run', '--json'], { fake });
  const [started] = eventsOf(await runWorkflow(steps, ['--output', 'ndjson'], { fake }));
  const plan = started?.type === 'run.started' ? started.plan : undefined;
  const tasks = plan?.tasks.map(({ task_id: _id, ...task }) => task);
  const { predicted, ...shown } = JSON.parse(planned.stdout) as PlanSnapshot;
  expect({ ...plan, tasks }).toEqual(shown);
  expect(predicted?.model_loads).toBe(1);
});

test('after a run the same is predicted to take what it took', async () => {
  await using server = await startSimulatedServer({ timeScale: 0.02, isOpen: true });
  const home = await createHome(server, { models: ['llama3.2', 'codellama'] });
  const tasks = Array.from({ length: 12 }, (_, index) => ({
    type: 'generate',
    input: `${index}`,
    model: index % 2 ? 'codellama' : 'llama3.2',
  }));
  const files = { 'tasks.jsonl': tasks.map((task) => JSON.stringify(task)).join('\n') };
  const argv = ['run-tasks', 'tester', '--tasks-file', 'tasks.jsonl', '--json'];
  const planOf = (result: { stdout: string }) => (JSON.parse(result.stdout) as PlanSnapshot).predicted;
  const before = planOf(await home.cli([...argv, '--dry-run'], { files }));
  expect((await home.cli(argv, { files })).exit).toBe(0);
  for (const name of [...server.simulation.server.scheduler.loaded.keys()])
    server.simulation.server.scheduler.unload(name);
  const after = planOf(await home.cli([...argv, '--dry-run'], { files }));
  const { totals } = await shown(home);
  expect([before?.based_on, after?.based_on]).toEqual(['sizes', 'measured']);
  expect(after?.model_loads).toBe(totals.model_loads);
  expect(after!.total_ns / totals.total_ns).toBeGreaterThan(0.5);
  expect(after!.total_ns / totals.total_ns).toBeLessThan(1.5);
});

test('--dry-run for people says what goes where, in which order, and what cannot run', async () => {
  await using fake = await startFakeOllama();
  const result = await runTasks(['generate:one', 'embed:two'], ['--dry-run'], { fake });
  expect(result.exit).toBe(1);
  expect(result.stdout).toMatch(
    /^2 tasks, none waits for another\nabout [\d.ms]+, with \d model loads? \(guessed from sizes of models\)\n\nTASK +TYPE +KIND +MODEL +PROMPT\n/,
  );
  expect(result.stdout).toMatch(/^task1 +generate +\w+ +llama3\.2 +~1 of \d+$/m);
  expect(result.stdout).toContain(`llama3.2 on ${fake.url}: `);
  expect(result.stdout).toContain('error: task2: ');
});

test('--dry-run stays within 80 columns', async () => {
  await using fake = await startFakeOllama();
  const result = await runWorkflow(steps, ['--dry-run'], { fake });
  expect(Math.max(...result.stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test('--dry-run with --output ndjson is one line', async () => {
  await using fake = await startFakeOllama();
  const result = await runTasks(['generate:one'], ['--dry-run', '--output', 'ndjson'], { fake });
  expect(result.stdout.split('\n')).toEqual([expect.stringMatching(/^\{"tasks":\[/), '']);
});

test('--dry-run with --output markdown is a table and remarks in Markdown', async () => {
  await using fake = await startFakeOllama();
  const result = await runTasks(['generate:one', 'embed:two'], ['--dry-run', '--output', 'markdown'], { fake });
  expect(result.stdout).toContain(
    '| task | type | kind | model | prompt |\n| --- | --- | --- | --- | --- |\n| task1 |',
  );
  expect(result.stdout).toMatch(/^- error: task2: no model of the agent \(llama3\.2\) can do .*embedding; /m);
});

test('--dry-run with --output mermaid is the graph', async () => {
  await using fake = await startFakeOllama();
  const result = await runWorkflow(steps, ['--dry-run', '--output', 'mermaid'], { fake });
  expect(result.exit).toBe(0);
  expect(result.stdout).toMatch(/^flowchart TD\n {2}n1\["a<br>generate, llama3\.2"\]\n[^]* {2}n1 --> n2\n$/);
});

test('--output mermaid without --dry-run is refused before anything is sent', async () => {
  await using fake = await startFakeOllama();
  const result = await runWorkflow(steps, ['--output', 'mermaid'], { fake });
  expect(result).toEqual({
    exit: 2,
    stdout: '',
    stderr: 'error: --output mermaid draws a plan, and this is no dry run\n  add --dry-run\n',
  });
  expect(fake.requests).toEqual([]);
});

test('a prompt that is larger than the context is warned of', async () => {
  await using fake = await startFakeOllama();
  const flags = ['--dry-run', '--option', 'num_ctx=8'];
  const { stdout } = await runTasks([`generate:${'word '.repeat(20)}`], flags, { fake });
  expect(stdout).toMatch(/~20 of 8$/m);
  expect(stdout).toContain('warning: task1: the prompt has about 20 tokens, the context of llama3.2 holds 8: ');
});

test('--dry-run pulls nothing', async () => {
  await using fake = await startFakeOllama({ models: ['other'], pullable: ['llama3.2'] });
  const result = await runTasks(['generate:one'], ['--dry-run', '--pull'], { fake });
  expect(result.exit).toBe(4);
  expect(fake.requests.filter(({ path }) => path === '/api/pull')).toEqual([]);
});
