import { request } from 'node:http';
import { expect, test } from 'vitest';
import { createRig, type Rig, type RunningCommand } from '../rig/rig.ts';

async function simulate(rig: Rig, ...flags: string[]): Promise<{ url: string; command: RunningCommand }> {
  const command = rig.run(['simulate', '--port', '0', '--time-scale', '0.001', ...flags]);
  await command.untilOutput(/listening on http.*\n/);
  return { url: /listening on (\S+)/.exec(command.stderr)?.[1] ?? '', command };
}

const loadsOf = async (url: string): Promise<unknown> => (await fetch(`${url}/simulator/loads`)).json();

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a simulator that is told to end by %s does so in good order',
  async (signal) => {
    await using rig = await createRig();
    const { url, command } = await simulate(rig, '--time-scale', '0.01');
    // A model that stays loaded for three seconds yet is no reason to wait.
    await (await fetch(`${url}/api/generate`, { method: 'POST', body: '{"model":"llama3.2"}' })).text();
    command.kill(signal);
    const { code, stdout, stderr } = await command.exit;
    expect({ code, stdout, stderr }).toEqual({
      ...{ code: 0, stdout: '' },
      stderr: `simulated: no model is behind these answers\nlistening on ${url}\n`,
    });
  },
);

test('has a handful of models when it is given none', async () => {
  await using rig = await createRig();
  const { url } = await simulate(rig);
  const { models } = (await (await fetch(`${url}/api/tags`)).json()) as { models: { name: string }[] };
  expect(models.map(({ name }) => name.replace(':latest', ''))).toEqual(
    expect.arrayContaining(['llama3.2', 'codellama', 'nomic-embed-text']),
  );
});

test('workflows run on it, and it counts their loads', async () => {
  await using rig = await createRig();
  const { url } = await simulate(rig, '--model', 'a,size=4GB,load=5s', '--model', 'b,size=4GB', '--max-loaded', '1');
  await rig.run(['create-agent', 'tester', '--models', 'a,b']).exit;
  const tasks = ['a', 'b', 'a', 'b'].map((name) => JSON.stringify({ type: 'generate', input: 'Hi', model_name: name }));
  rig.write({ 'tasks.jsonl': `${tasks.join('\n')}\n` });
  const { code, stdout } = await rig.run(['run-tasks', 'tester', '--tasks-file', 'tasks.jsonl', '--host', url]).exit;
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Simulated answer of a') as string });
  expect(await loadsOf(url)).toMatchObject({ loads: { 'a:latest': 1, 'b:latest': 1 }, total: 2 });
});

test('what a file says is what flags do not', async () => {
  await using rig = await createRig();
  rig.write({ 'sim.yaml': 'server_version: 0.24.0\nmodels:\n  - name: mine\n  - name: other\n' });
  const { url } = await simulate(rig, '--models-file', 'sim.yaml', '--server-version', '0.31.2');
  expect(await (await fetch(`${url}/api/version`)).json()).toEqual({ version: '0.31.2' });
  expect((await fetch(`${url}/api/show`, { method: 'POST', body: '{"model":"other"}' })).status).toBe(200);
});

test('faults are those that were asked for', async () => {
  await using rig = await createRig();
  const { url } = await simulate(rig, '--fault', '503,at=2,count=1');
  const body = JSON.stringify({ model: 'llama3.2', prompt: 'x' });
  const statuses = [];
  for (let turn = 0; turn < 3; turn++) {
    const response = await fetch(`${url}/api/generate`, { method: 'POST', body });
    await response.text();
    statuses.push(response.status);
  }
  expect(statuses).toEqual([200, 503, 200]);
});

test.each<[Record<string, string>, number]>([
  [{ host: 'example.com' }, 403],
  [{ host: '8.8.8.8' }, 403],
  [{ host: 'localhost' }, 200],
  [{ host: 'box.local' }, 200],
  [{ host: '192.168.1.7:11434' }, 200],
  [{ origin: 'https://example.com' }, 403],
  [{ origin: 'null' }, 403],
  [{ origin: 'http://localhost:3000' }, 200],
])('to a request with %j it answers %i', async (headers, status) => {
  await using rig = await createRig();
  const { url } = await simulate(rig);
  const answer = new Promise((resolve) => request(url, { headers }, ({ statusCode }) => resolve(statusCode)).end());
  expect(await answer).toBe(status);
});

test.each([
  [['--model', 'a,size=big'], "models[0].size: must be a size such as '4.7GB'"],
  [['--fault', 'explode'], 'faults[0].kind: must be one of hang-load'],
  [['--time-scale', '0'], 'time_scale: must be a number above 0'],
  [['--models-file', 'nowhere.yaml'], "cannot read file 'nowhere.yaml': no such file"],
])('%j is wrong usage', async (flags, message) => {
  await using rig = await createRig();
  const { code, stderr } = await rig.run(['simulate', '--port', '0', ...flags]).exit;
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
});

test('a port that is taken is told as such', async () => {
  await using rig = await createRig();
  const { url } = await simulate(rig);
  const { code, stderr } = await rig.run(['simulate', '--port', new URL(url).port]).exit;
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('something else listens there') as string,
  });
});
