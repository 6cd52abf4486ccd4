import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { createRig, type Rig, type RunningCommand } from '../rig/rig.ts';

const api = '/api/orchestration';
const hello = { type: 'generate', input: 'Say hello' };

interface Serving {
  url: string;
  command: RunningCommand;
}

async function serve(rig: Rig, fake: { url: string }, more: readonly string[] = []): Promise<Serving> {
  const command = rig.run(['serve', '--port', '0', ...more], { env: { OLLAMA_HOST: fake.url } });
  await command.untilOutput(/listening on http/);
  return { url: /listening on (\S+)/.exec(command.stderr)?.[1] ?? '', command };
}

function post(url: string, body?: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', ...(body !== undefined && { body: JSON.stringify(body) }) });
}

async function createTester(url: string): Promise<void> {
  expect((await post(`${url}${api}/agents`, { name: 'tester', models: ['llama3.2'] })).status).toBe(201);
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a server that is told to end by %s does so in good order',
  async (signal) => {
    await using fake = await startFakeOllama();
    await using rig = await createRig();
    const { url, command } = await serve(rig, fake);
    await createTester(url);
    fake.hold();
    const answer = post(`${url}${api}/tasks`, { agent_id: 'tester', tasks: [hello] });
    await fake.until(({ open }) => open === 1);
    command.kill(signal);
    expect(await (await answer).json()).toMatchObject({ status: 'interrupted' });
    const { code, stdout } = await command.exit;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  },
);

test('agents are those of the command line, and so are runs', async () => {
  await using fake = await startFakeOllama();
  await using rig = await createRig();
  const { url } = await serve(rig, fake);
  await createTester(url);
  const run = (await (await post(`${url}${api}/tasks`, { agent_id: 'tester', tasks: [hello] })).json()) as {
    id: string;
  };
  expect((await rig.run(['list-agents']).exit).stdout).toContain('tester');
  const { stdout } = await rig.run(['show-run', run.id, '--json']).exit;
  expect(JSON.parse(stdout)).toEqual(run);
});

test('a detached run is gone on with when its server was killed and another one starts', async () => {
  await using fake = await startFakeOllama();
  await using rig = await createRig();
  const first = await serve(rig, fake);
  await createTester(first.url);
  const request = { agent_id: 'tester', tasks: [hello, hello], sequential: true, detach: true };
  const asked = post(`${first.url}${api}/tasks`, request);
  const firstCall = await fake.nextCall();
  await firstCall.send('first');
  await firstCall.finish();
  const { id } = (await (await asked).json()) as { id: string };
  await fake.nextCall();
  first.command.kill('SIGKILL');
  await first.command.exit;
  fake.release();
  const second = await serve(rig, fake);
  await second.command.untilOutput(new RegExp(`going on with run ${id}`));
  const events = await (await fetch(`${second.url}${api}/runs/${id}/events`)).text();
  expect(events).toMatch(/"run.finished".*"status":"completed"/);
  expect(fake.prompts.filter(({ outcome }) => outcome === 'answered')).toHaveLength(2);
});

test('a run that was not detached is left to who wants to go on with it', async () => {
  await using fake = await startFakeOllama();
  await using rig = await createRig();
  const first = await serve(rig, fake);
  await createTester(first.url);
  const asked = post(`${first.url}${api}/tasks`, { agent_id: 'tester', tasks: [hello] }).catch(() => undefined);
  await fake.nextCall();
  first.command.kill('SIGKILL');
  await Promise.all([first.command.exit, asked]);
  fake.release();
  const { url } = await serve(rig, fake);
  const { runs } = (await (await fetch(`${url}${api}/runs`)).json()) as { runs: { id: string; status: string }[] };
  expect(runs.map(({ status }) => status)).toEqual(['interrupted']);
  const resumed = await post(`${url}${api}/runs/${runs[0]?.id ?? ''}/resume`);
  expect(await resumed.json()).toMatchObject({ id: runs[0]?.id, status: 'completed' });
});

test('elsewhere than on this machine a token is needed', async () => {
  await using rig = await createRig();
  const { code, stderr } = await rig.run(['serve', '--port', '0', '--listen', '0.0.0.0']).exit;
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('need a token') as string });
});

test.each([
  ['a flag', ['--token', 'secret'], {}],
  ['a file', ['--token', '@token.txt'], {}],
  ['the environment', [], { OLLAMA_ORCHESTRATE_TOKEN: 'secret' }],
])('the token is read from %s, and never told', async (_where, flags, env) => {
  await using rig = await createRig();
  rig.write({ 'token.txt': 'secret\n' });
  const command = rig.run(['serve', '--port', '0', '--listen', '0.0.0.0', ...flags], { env });
  await command.untilOutput(/listening on/);
  const port = /:(\d+)\n/.exec(command.stderr)?.[1] ?? '';
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${api}/agents`, { headers });
  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await ask({ authorization: 'Bearer secret' })).status).toBe(200);
  command.kill();
  expect((await command.exit).stderr).not.toContain('secret');
});

test('a port that is taken is told as such', async () => {
  await using fake = await startFakeOllama();
  await using rig = await createRig();
  const { url } = await serve(rig, fake);
  const { code, stderr } = await rig.run(['serve', '--port', new URL(url).port]).exit;
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('something else listens there') as string,
  });
});
