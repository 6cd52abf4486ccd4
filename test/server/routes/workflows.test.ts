import { expect, test } from 'vitest';
import { startFakeOllama } from '../../rig/fake-ollama.ts';
import { api, serverRig, withTester } from '../server-rig.ts';

const steps = [
  { name: 'plan', type: 'generate', input: 'Name an animal.' },
  { name: 'code', type: 'chat', prompt: 'Describe {{plan}} ({{step1}})' },
];

test('a workflow is run, each step with the outputs it refers to', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const { status, body } = await ask('POST', `${api}/workflows`, { agent_id: 'tester', steps });
  expect({ status, success: body.success }).toEqual({ status: 200, success: true });
  const [plan, code] = body.steps;
  expect(code?.input).toBe(`Describe ${plan?.output ?? ''} (${plan?.output ?? ''})`);
  expect(body.output).toBe(code?.output);
});

test('when a step fails, the answer is 200 with the end of each', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const failing = [{ ...steps[0], model_name: 'nope' }, steps[1]];
  const { status, body } = await ask('POST', `${api}/workflows`, { agent_id: 'tester', steps: failing });
  expect({ status, success: body.success }).toEqual({ status: 200, success: false });
  expect(body.steps.map((step) => [step.name, step.status, step.success])).toEqual([
    ['plan', 'failed', false],
    ['code', 'skipped', false],
  ]);
});

test('the other keys of a workflow file stand beside the steps', async () => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const workflow = {
    vars: { animal: 'whale' },
    output: 'first',
    steps: [
      { name: 'first', type: 'generate', prompt: 'A {{vars.animal}}' },
      { type: 'generate', prompt: 'Second' },
    ],
  };
  const { body } = await ask('POST', `${api}/workflows`, { agent_id: 'tester', ...workflow });
  expect(body.steps.map(({ input }) => input)).toEqual(['A whale', 'Second']);
  expect(body.output).toBe(body.steps[0]?.output);
});

const yaml = `
vars:
  animal: whale
steps:
  - name: first
    type: generate
    prompt: A {{vars.animal}}
`;

test.each([
  ['YAML', yaml, {}, 'A whale'],
  ['YAML, with a value for its variable', yaml, { animal: 'cat' }, 'A cat'],
  ['JSON', JSON.stringify({ steps: [{ type: 'generate', prompt: 'Hello' }] }), undefined, 'Hello'],
])('a workflow may be sent as the text of a file: %s', async (_what, workflow, vars, input) => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake }));
  const { body } = await ask('POST', `${api}/workflows`, { agent_id: 'tester', workflow, vars });
  expect(body.steps.map((step) => step.input)).toEqual([input]);
});

test('what is wrong with the text of a workflow is told with its place', async () => {
  const { ask } = await withTester(serverRig());
  const workflow = 'steps:\n  - type: generate\n    prompt: "{{nobody}}"\n    colour: red\n';
  const { status, body } = await ask('POST', `${api}/workflows`, { agent_id: 'tester', workflow });
  expect(status).toBe(400);
  expect(body.problems.map(({ location }) => location?.line)).toEqual([3, 4]);
});

test('what is wrong with keys is told without the place in a file that nobody sent', async () => {
  const { ask } = await withTester(serverRig());
  const { body } = await ask('POST', `${api}/workflows`, {
    agent_id: 'tester',
    steps: [{ ...steps[0], colour: 'red' }],
  });
  expect(body.problem.message).toContain('colour');
  expect(body.problem).not.toHaveProperty('location');
  expect(body.problem).not.toHaveProperty('excerpt');
});

test('keys beside the text of a workflow are refused', async () => {
  const { ask } = await withTester(serverRig());
  const { status, body } = await ask('POST', `${api}/workflows`, {
    agent_id: 'tester',
    workflow: yaml,
    output: 'first',
  });
  expect({ status, code: body.problem.code }).toEqual({ status: 400, code: 'body-invalid' });
});

test.each([
  ['no steps', {}, 'workflow-invalid'],
  ['an empty list of steps', { steps: [] }, 'workflow-invalid'],
  ['an unknown key', { steps, colour: 'red' }, 'workflow-invalid'],
  ['an unknown placeholder', { steps: [{ type: 'generate', prompt: '{{nobody}}' }] }, 'placeholder-unknown'],
  ['a circle', { steps: [{ name: 'a', type: 'generate', prompt: '{{a}}' }] }, 'cycle'],
  ['a prompt in a file', { steps: [{ type: 'generate', prompt_file: '/etc/passwd' }] }, 'file-unreadable'],
  [
    'a file with our own name for the text',
    { steps: [{ type: 'generate', prompt_file: './workflow' }] },
    'file-unreadable',
  ],
  ['a picture in a file', { steps: [{ type: 'generate', prompt: 'x', images: ['@/etc/passwd'] }] }, 'file-unreadable'],
  [
    'a variable of our environment',
    { env: 'HOME', steps: [{ type: 'generate', prompt: '{{env.HOME}}' }] },
    'placeholder-unset',
  ],
  ['standard input', { steps: [{ type: 'generate', prompt: '{{stdin}}' }] }, undefined],
])('a workflow with %s is refused before anything is sent', async (_what, workflow, code) => {
  await using fake = await startFakeOllama();
  const { ask } = await withTester(serverRig({ fake, env: { HOME: 'secret' } }));
  const { status, body } = await ask('POST', `${api}/workflows`, { agent_id: 'tester', ...workflow });
  expect({ status, code: code && body.problem.code }).toEqual({ status: 400, code });
  expect(JSON.stringify(body)).not.toContain('secret');
  expect(fake.prompts).toEqual([]);
});

test('an unknown agent is told also when the workflow is wrong', async () => {
  const { ask } = serverRig();
  expect((await ask('POST', `${api}/workflows`, { agent_id: 'nope', steps: [] })).status).toBe(404);
});

test('a step may name an agent of its own, which must be there', async () => {
  const { ask } = await withTester(serverRig());
  const { status, body } = await ask('POST', `${api}/workflows`, {
    agent_id: 'tester',
    steps: [{ ...steps[0], agent: 'nope' }],
  });
  expect({ status, code: body.problem.code }).toEqual({ status: 404, code: 'agent-unknown' });
});
