import { expect, test } from 'vitest';
import { startFakeOllama } from '../../rig/fake-ollama.ts';
import { api, serverRig, withTester } from '../server-rig.ts';

const hello = { type: 'generate', input: 'Say hello' };

test('the plan of tasks is shown, and nothing is sent', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const { status, body } = await ask('POST', `${api}/plan`, { agent_id: 'tester', tasks: [hello] });
  expect(status).toBe(200);
  expect(body.tasks).toEqual([expect.objectContaining({ task: 'task1', type: 'generate', input: 'Say hello' })]);
  expect(fake.prompts).toEqual([]);
});

test('the plan of a workflow tells what waits for what', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const steps = [
    { ...hello, name: 'a' },
    { type: 'chat', input: '{{a}}', name: 'b' },
  ];
  const { body } = await ask('POST', `${api}/plan`, { agent_id: 'tester', steps });
  expect(body.tasks.map(({ needs }) => needs)).toEqual([[], ['a']]);
});

test('it is explained which model a task would go to, and why', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/explain`, { agent_id: 'tester', tasks: [hello] });
  expect(body.tasks).toEqual([
    expect.objectContaining({ index: 0, type: 'generate', model: 'llama3.2', reasons: [expect.any(String)] }),
  ]);
  expect(fake.prompts).toEqual([]);
});

test('what is explained is not filled in', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const task = { type: 'generate', input: 'Sum up {{stdin}} for {{vars.who}}' };
  const { status, body } = await ask('POST', `${api}/explain`, { agent_id: 'tester', tasks: [task] });
  expect([status, body.tasks]).toEqual([200, [expect.objectContaining({ kind: 'writing', model: 'llama3.2' })]]);
});

test.each(['plan', 'explain'])('what is wrong is told by %s as it is when it is run', async (path) => {
  const { ask } = await withTester(serverRig());
  const { status, body } = await ask('POST', `${api}/${path}`, { agent_id: 'tester', tasks: [{ type: 'genrate' }] });
  expect({ status, code: body.problem.code }).toEqual({ status: 400, code: 'task-type-unknown' });
});
