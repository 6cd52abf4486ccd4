import { spawn } from '@lydell/node-pty';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeOllamaProcess } from '../rig/fake-ollama-process.ts';
import { bin, createRig, type Rig } from '../rig/rig.ts';
import { TestTerminal } from '../unit/render/terminal.ts';

const announce = `
vars:
  product: { description: what is announced }
steps:
  - { type: generate, prompt: 'A note on {{vars.product}}' }
`;

test('on a terminal a missing agent and a missing variable are asked for, and the workflow runs', async () => {
  await using ollama = await startFakeOllamaProcess();
  await using rig = await prepared(ollama.url);
  const { terminal, type, exited } = start(rig, ['run-workflow', '--file', 'announce.yaml'], ollama.url);
  await terminal.until('agent:');
  type('wr\t');
  await terminal.until('agent: writer');
  type('\r');
  const screen = await terminal.until('product:');
  expect(screen.split('\n')).toEqual([
    '   1  reviewer  llama3.2',
    '   2  writer    llama3.2',
    'agent: writer',
    'what is announced',
    'product:',
  ]);
  type('tea\r');
  expect(await exited).toBe(0);
  const prompts = (await ollama.requests()).map(({ body }) => body.prompt);
  expect(prompts).toContain('A note on tea');
});

test.each([
  ['Ctrl-C', '\x03', 130],
  ['Ctrl-D', '\x04', 2],
])('%s at a question gives the terminal back, and nothing was sent', async (_name, key, code) => {
  await using ollama = await startFakeOllamaProcess();
  await using rig = await prepared(ollama.url);
  const { terminal, type, exited } = start(rig, ['run-tasks', '--tasks', 'generate:one'], ollama.url);
  await terminal.until('agent:');
  type(key);
  expect(await exited).toBe(code);
  expect(await ollama.requests()).toEqual([]);
});

async function prepared(url: string): Promise<Rig> {
  const rig = await createRig();
  rig.write({ 'announce.yaml': announce });
  for (const name of ['reviewer', 'writer']) {
    await rig.run(['create-agent', name, '--models', 'llama3.2'], { env: { OLLAMA_HOST: url } }).exit;
  }
  return rig;
}

function start(rig: Rig, args: readonly string[], url: string) {
  const terminal = new TestTerminal();
  const child = spawn(process.execPath, [bin, ...args], {
    ...{ name: 'xterm-256color', cols: 80, rows: 24, cwd: rig.cwd },
    env: { ...rig.environment(), OLLAMA_HOST: url, TERM: 'xterm-256color' },
  });
  child.onData((data) => terminal.feed(data));
  let isRunning = true;
  const exited = new Promise<number>((resolve) =>
    child.onExit(({ exitCode }) => {
      isRunning = false;
      resolve(exitCode);
    }),
  );
  onTestFinished(() => {
    if (isRunning) child.kill('SIGKILL');
  });
  return { terminal, exited, type: (keys: string) => child.write(keys) };
}
