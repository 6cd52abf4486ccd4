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
