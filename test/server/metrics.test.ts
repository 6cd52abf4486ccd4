import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { attack, requestText } from './attacks/attack-rig.ts';
import { api, serverRig, withTester, type ServerRig } from './server-rig.ts';

/** The numbers of a server, by name and labels. */
async function numbersOf({ send }: ServerRig): Promise<Record<string, number>> {
  const text = await (await send('GET', '/metrics')).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice('ollama_orchestrate_'.length, line.lastIndexOf(' ')),
      Number(line.split(' ').at(-1)),
    ]),
  );
}

const generate = { type: 'generate', input: 'What nobody else may know' };

test('runs, tasks, tokens and loads are counted as they end', async () => {
  await using fake = await startFakeOllama();
  const rig = await withTester(serverRig({ fake }));
  const tasks = [generate, { ...generate, model_name: 'nope' }];
  const { body } = await rig.ask('POST', `${api}/tasks`, { agent_id: 'tester', tasks });
  expect(await numbersOf(rig)).toMatchObject({
    'runs_total{status="failed"}': 1,
    'tasks_total{status="completed"}': 1,
    'tasks_total{status="failed"}': 1,
    'tokens_total{kind="prompt"}': body.totals.prompt_tokens,
    'tokens_total{kind="output"}': body.totals.output_tokens,
    model_loads_total: body.totals.model_loads,
  });
});

test('requests are counted by what they are for, and not by what clients make up', async () => {
  await using fake = await startFakeOllama();
  const rig = await withTester(serverRig({ fake }));
  for (const path of [
    '/api/tags',
    '/api/made-up-1',
    '/api/made-up-2',
    '/v1/made-up',
    '/made-up',
    `${api}/agents/tester`,
  ]) {
    await (await rig.send('GET', path)).text();
  }
  await rig.send('GET', `${api}/agents`, undefined, { headers: { origin: 'https://evil.example' } });
  expect(await numbersOf(rig)).toMatchObject({
    'http_requests_total{method="GET",route="/api/tags",status="200"}': 1,
    'http_requests_total{method="GET",route="/api/*",status="404"}': 2,
    'http_requests_total{method="GET",route="/v1/*",status="404"}': 1,
    'http_requests_total{method="GET",route="none",status="404"}': 1,
    'http_requests_total{method="GET",route="none",status="403"}': 1,
    'http_requests_total{method="GET",route="/api/orchestration/agents/:id",status="200"}': 1,
  });
});

test('what is no request of HTTP as it must be is counted, too', async () => {
  await attack(async (target) => {
    await target.raw('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n: x\r\n\r\n');
    await target.raw(requestText(target, 'GET /', [`X-Large: ${'a'.repeat(2 ** 20)}`]));
    await target.raw(requestText(target, 'GET /', ['Host: a b']));
    expect(await numbersOf(target)).toMatchObject({
      'http_requests_total{method="other",route="none",status="400"}': 2,
      'http_requests_total{method="other",route="none",status="431"}': 1,
    });
  });
});

test('a request whose body is broken is counted once', async () => {
  await attack(async (target) => {
    await target.raw(`${requestText(target, `POST ${api}/agents`, ['Transfer-Encoding: chunked'])}no number\r\n`);
    await target.raw('GET / HTTP/1.1\r\n: x\r\n\r\n');
    const counted = Object.entries(await numbersOf(target)).filter(([name]) => name.startsWith('http_requests'));
    expect(counted.map(([, number]) => number)).toEqual([1, 1]);
  });
});

test('what is under way, and what waits, is told as it is', async () => {
  await using fake = await startFakeOllama();
  fake.hold();
  const rig = serverRig({ fake, limits: { slots: 1 } });
  const prompt = { model: 'llama3.2', prompt: 'x' };
  const sent = [rig.send('POST', '/api/generate', prompt), rig.send('POST', '/api/generate', prompt)];
  await fake.until(({ open }) => open === 1);
  expect(await numbersOf(rig)).toMatchObject({
    'model_requests{state="running"}': 1,
    'model_requests{state="waiting"}': 1,
    'runs{state="running"}': 0,
  });
  fake.release();
  await Promise.all((await Promise.all(sent)).map((answer) => answer.text()));
  expect(await numbersOf(rig)).toMatchObject({
    'model_requests{state="running"}': 0,
    'model_requests{state="waiting"}': 0,
  });
});

test('the bytes that are passed on are counted', async () => {
  await using fake = await startFakeOllama();
  const rig = serverRig({ fake });
  const body = JSON.stringify({ model: 'llama3.2', prompt: 'x' });
  const answer = await (await rig.send('POST', '/api/generate', body)).text();
  expect(await numbersOf(rig)).toMatchObject({
    'passed_bytes_total{direction="to_ollama"}': body.length,
    'passed_bytes_total{direction="to_client"}': Buffer.byteLength(answer),
  });
});

test('no number tells what was said, or who said it', async () => {
  await using fake = await startFakeOllama();
  const rig = await withTester(serverRig({ fake, settings: { token: 'a-secret-token' } }));
  const headers = { authorization: 'Bearer a-secret-token', 'user-agent': 'made-up-agent' };
  await rig.send('POST', `${api}/tasks`, { agent_id: 'tester', tasks: [generate] }, { headers });
  expect((await rig.send('GET', '/metrics')).status).toBe(401);
  const text = await (await rig.send('GET', '/metrics', undefined, { headers })).text();
  expect(text).toContain('runs_total{status="completed"} 1');
  expect(text).not.toMatch(/secret|nobody else|tester|llama3|made-up|127\.0\.0\.1/);
});

test('a method that nobody knows is counted among others', async () => {
  const rig = serverRig();
  await rig.send('BREW', '/coffee');
  expect(await numbersOf(rig)).toMatchObject({ 'http_requests_total{method="other",route="none",status="404"}': 1 });
});
