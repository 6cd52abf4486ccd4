import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { createRig } from '../rig/rig.ts';

// The built library as a program of somebody else uses it.

const library = new URL('../../dist/lib/index.js', import.meta.url).href;

/** Does all that the library can do, and says who listens for signals afterwards. */
const program = `
  import { createOrchestrator } from '${library}';
  const { agents, runTasks } = createOrchestrator();
  await agents.create({ name: 'helper', models: ['llama3.2'] });
  await agents.update('helper', { config: { retries: 0 } });
  const { status, tasks } = await runTasks({ agent: 'helper', tasks: [{ type: 'generate', input: 'Say hello' }] });
  await agents.delete(['helper']);
  const listened = process.eventNames().filter((name) => String(name).startsWith('SIG'));
  console.log(JSON.stringify({ status, output: tasks[0].output, listened }));
`;

test('runs tasks, leaves signals to the program it is part of, and lets that end', async () => {
  await using rig = await createRig();
  await using fake = await startFakeOllama();
  rig.write({ 'program.mjs': program });
  const running = rig.run(['program.mjs'], { command: [process.execPath], env: { OLLAMA_HOST: fake.url } });
  const call = await fake.nextCall('/api/generate');
  await call.send('Hello');
  await call.finish();
  const { code, stdout, stderr } = await running.exit;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({ status: 'completed', output: 'Hello', listened: [] });
});

/** Twenty tasks that are under way at the same time. */
const crowd = `
  import { createOrchestrator } from '${library}';
  let open = 0;
  let release;
  const allOpen = new Promise((resolve) => (release = resolve));
  const { runTasks } = createOrchestrator({ custom: () => (++open === 20 ? release('done') : 0, allOpen) });
  const { totals } = await runTasks({
    agent: { name: 'helper', models: ['llama3.2'], config: { max_concurrent_tasks: 20 } },
    tasks: Array.from({ length: 20 }, () => ({ type: 'custom', input: 'hi' })),
  });
  console.log(totals.completed);
`;

test('many tasks at once are no reason for Node to warn', async () => {
  await using rig = await createRig();
  rig.write({ 'program.mjs': crowd });
  const running = rig.run(['program.mjs'], { command: [process.execPath] });
  expect(await running.exit).toMatchObject({ code: 0, stdout: '20\n', stderr: '' });
});

/** A service that makes an orchestrator for each request. */
const many = `
  import { createOrchestrator } from '${library}';
  for (let at = 0; at < 15; at++) {
    await createOrchestrator().plan({
      run_type: 'tasks',
      agent: { name: 'helper', models: ['llama3.2'], config: { hosts: ['http://127.0.0.1:9'] } },
      tasks: [{ type: 'generate', input: 'hi' }],
    });
  }
  console.log('done');
`;

test('many orchestrators in one process are no reason for Node to warn', async () => {
  await using rig = await createRig();
  rig.write({ 'program.mjs': many });
  const { code, stdout, stderr } = await rig.run(['program.mjs'], { command: [process.execPath] }).exit;
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'done\n', stderr: '' });
});
