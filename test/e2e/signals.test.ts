import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startFakeOllama, type FakeOllama } from '../rig/fake-ollama.ts';
import { bin, createRig, type Rig } from '../rig/rig.ts';

// How the program ends when it is told to, and when nobody or nothing takes what it writes.

async function rigWithAgent(): Promise<Rig> {
  const rig = await createRig();
  const { code, stderr } = await rig.run(['create-agent', 'tester', '--models', 'llama3.2']).exit;
  if (code !== 0) throw new Error(stderr);
  return rig;
}

const twoTasks = ['run-tasks', 'tester', '--tasks', 'generate:one', '--tasks', 'generate:two'];

const envOf = ({ url }: FakeOllama) => ({ OLLAMA_HOST: url });

test('Ctrl-C closes the connections, prints a summary and exits 130', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  const run = rig.run([...twoTasks, '--concurrency', '1'], { env: envOf(fake) });
  const call = await fake.nextCall();
  await call.send('half an answer');
  run.kill('SIGINT');
  expect(await call.closed).toBe('client');
  const { code, stdout, stderr } = await run.exit;
  expect(code).toBe(130);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/the run was interrupted/);
  expect(stderr).toMatch(/interrupted: 0 of 2 tasks completed, 2 cancelled/);
});

test('with --json an interrupted run prints its document', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  const run = rig.run([...twoTasks, '--json', '--quiet'], { env: envOf(fake) });
  await fake.nextCall();
  run.kill('SIGINT');
  const { code, stdout } = await run.exit;
  expect(code).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'interrupted', totals: { cancelled: 2 } });
});

test('a second Ctrl-C ends the program at once', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  // The slow reader keeps the program from ending in good order.
  const run = rig.run([...twoTasks, '--json'], { env: envOf(fake) });
  run.child.stdout.pause();
  const call = await fake.nextCall();
  const second = await fake.nextCall();
  await call.send('x'.repeat(1_000_000));
  await call.finish();
  await run.untilOutput(/task1 completed/);
  run.kill('SIGINT');
  await second.closed;
  await run.untilOutput(/task2 cancelled/);
  expect(run.child.exitCode).toBeNull();
  run.kill('SIGINT');
  await once(run.child, 'exit');
  expect(run.child.exitCode).toBe(130);
});

test('SIGTERM exits 143 with the connections closed', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  const run = rig.run(twoTasks, { env: envOf(fake) });
  const call = await fake.nextCall();
  run.kill('SIGTERM');
  expect(await call.closed).toBe('client');
  expect((await run.exit).code).toBe(143);
});

test('a reader that has seen enough ends the program quietly with 0', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  const run = rig.run([...twoTasks, '--output', 'ndjson', '--quiet'], { env: envOf(fake) });
  const call = await fake.nextCall();
  await run.untilOutput(/run\.started/);
  run.child.stdout.destroy();
  await call.send('goes nowhere');
  expect(await call.closed).toBe('client');
  await once(run.child, 'exit');
  expect(run.child.exitCode).toBe(0);
  expect(run.stderr).toBe('');
});

test('`| head -1` ends with 0 on both sides', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  const line = `"$0" "$1" run-tasks tester --tasks generate:one --tasks generate:two --output ndjson | head -1; echo "\${PIPESTATUS[@]}"`;
  const { stdout, stderr } = await rig.run(['-c', line, process.execPath, bin], { command: ['bash'], env: envOf(fake) })
    .exit;
  expect(stdout).toMatch(/^\{"type":"run\.started".*\}\n0 0\n$/);
  expect(stderr).not.toMatch(/EPIPE|error/i);
});

test('800 kB go through a slow pipe as they are', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  const answer = 'a line of text\n'.repeat(55_000);
  fake.reply('/api/generate', async (call) => {
    await call.send(answer);
    await call.finish();
  });
  const child = spawn(
    'bash',
    ['-c', `"$0" "$1" run-tasks tester --tasks generate:x | (sleep 1; cat)`, process.execPath, bin],
    {
      cwd: rig.cwd,
      env: { ...rig.environment(), ...envOf(fake) },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  expect(await text(child.stdout)).toBe(`${answer}\n`);
});

test('an output that cannot be written is told in one line, exit 74', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  const child = spawn(process.execPath, [bin, 'run-tasks', 'tester', '--tasks', 'generate:x', '--quiet'], {
    cwd: rig.cwd,
    env: { ...rig.environment(), ...envOf(fake) },
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  });
  const [stderr] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
  expect(child.exitCode).toBe(74);
  expect(stderr).toBe('error: standard output cannot be written: no space left on the device\n');
});
