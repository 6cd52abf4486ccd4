import { expect, test } from 'vitest';
import type { RunDocument } from '../../src/events/run-document.ts';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { startFakeOllamaProcess } from '../rig/fake-ollama-process.ts';
import { createRig, type Ended, type Rig } from '../rig/rig.ts';

// What may go wrong at the server while a run goes on: each with its exit code, its document, and the other tasks unharmed.

async function rigWithAgent(): Promise<Rig> {
  const rig = await createRig();
  const { code, stderr } = await rig.run(['create-agent', 'tester', '--models', 'llama3.2']).exit;
  if (code !== 0) throw new Error(stderr);
  return rig;
}

const runTasks = (tasks: readonly string[], ...more: string[]): string[] => [
  'run-tasks',
  'tester',
  ...tasks.flatMap((task) => ['--tasks', `generate:${task}`]),
  ...more,
];

const tasksOf = ({ stdout }: Ended) => (JSON.parse(stdout) as RunDocument).tasks ?? [];

/** The agent that was there before is there afterwards, as it was. */
async function expectAgentIntact(rig: Rig): Promise<void> {
  const shown = await rig.run(['show-agent', 'tester', '--json']).exit;
  expect(JSON.parse(shown.stdout)).toMatchObject({ name: 'tester', models: ['llama3.2'] });
}

test('a server that is killed in mid-run: exit 1, what was done is kept', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllamaProcess('--piece-ms', '20');
  const env = { OLLAMA_HOST: fake.url };
  const run = rig.run(runTasks(['one', 'two', 'three'], '--concurrency', '1', '--output', 'ndjson'), { env });
  await run.untilOutput(/"type":"task\.delta".*"task":"task2"/);
  await fake.kill();
  const { code, stdout, stderr } = await run.exit;
  expect(code).toBe(1);
  const ends = stdout.split('\n').filter((line) => line.includes('"type":"task.finished"'));
  expect(ends.map((line) => /"status":"(\w+)"/.exec(line)?.[1])).toEqual(['completed', 'failed', 'failed']);
  expect(ends[1]).toContain('"code":"host-gone"');
  expect(stderr).toContain('went away during the answer');
  await expectAgentIntact(rig);
});

test('a server that is killed before anything was done: exit 3', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllamaProcess('--piece-ms', '20');
  const run = rig.run(runTasks(['one', 'two'], '--output', 'ndjson'), { env: { OLLAMA_HOST: fake.url } });
  await run.untilOutput(/"type":"task\.delta"/);
  await fake.kill();
  const { code, stdout } = await run.exit;
  expect(code).toBe(3);
  expect(stdout.trim().split('\n').at(-1)).toContain('"type":"run.finished"');
});

test('a server that answers surveys but never a prompt: exit 5', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama({ silent: true });
  const env = { OLLAMA_HOST: fake.url };
  const ended = await rig.run(runTasks(['one', 'two'], '--timeout', '1s', '--json'), { env }).exit;
  expect(ended.code).toBe(5);
  expect(tasksOf(ended).map(({ problem }) => problem?.code)).toEqual(['timeout', 'timeout']);
  await fake.until(({ open }) => open === 0);
});

test('a server that falls silent in mid-stream: exit 5, the other task unharmed', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  fake.reply(
    ({ request }) => request.prompt === 'one',
    (call) => call.send('half'),
  );
  const env = { OLLAMA_HOST: fake.url };
  const ended = await rig.run(runTasks(['one', 'two'], '--timeout', '2s', '--json'), { env }).exit;
  expect(ended.code).toBe(5);
  expect(tasksOf(ended)).toMatchObject([
    { status: 'failed', partial_output: 'half', problem: { code: 'timeout' } },
    { status: 'completed' },
  ]);
});

test('a server that resets the connection in mid-stream: exit 1, the other task unharmed', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  fake.reply(
    ({ request }) => request.prompt === 'one',
    async (call) => {
      await call.send('half');
      await fake.until(({ requests }) => requests.some(({ body }) => body.prompt === 'two'));
      await call.hangUp();
    },
  );
  const ended = await rig.run(runTasks(['one', 'two'], '--json'), { env: { OLLAMA_HOST: fake.url } }).exit;
  expect(ended.code).toBe(1);
  expect(tasksOf(ended)).toMatchObject([
    { status: 'failed', problem: { code: 'stream-broken' } },
    { status: 'completed' },
  ]);
});

test('lines of garbage: exit 0, with a warning', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', async (call) => {
    await call.send('good');
    await call.sendRaw('\u0000 not json\n\n{"half":\n');
    await call.finish();
  });
  const ended = await rig.run(runTasks(['one']), { env: { OLLAMA_HOST: fake.url } }).exit;
  expect(ended).toMatchObject({ code: 0, stdout: 'good\n' });
  expect(ended.stderr).toContain('2 unreadable lines of the answer were left out');
});

test('an answer that ends without its closing line: exit 1', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', async (call) => {
    await call.send('half');
    await call.endWithoutDone();
  });
  const ended = await rig.run(runTasks(['one']), { env: { OLLAMA_HOST: fake.url } }).exit;
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain('ended without its closing line');
});

test('no server at all: exit 3, one line with what was tried and what to type', async () => {
  await using rig = await rigWithAgent();
  const ended = await rig.run(runTasks(['one'], '--quiet')).exit;
  expect(ended).toMatchObject({ code: 3, stdout: '' });
  expect(ended.stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^task1 failed: no Ollama server answers at http:\/\/127\.0\.0\.1:1.*'ollama serve'/),
  ]);
});
