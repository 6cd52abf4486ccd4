import { expect, test } from 'vitest';
import type { RunDocument } from '../../src/events/run-document.ts';
import { startFakeOllama, type FakeOllama } from '../rig/fake-ollama.ts';
import { createRig, type Rig, type RunningCommand } from '../rig/rig.ts';

// Runs whose process dies, runs that two want to go on with, and runs that another terminal ends.

async function rigWithAgent(fake: FakeOllama): Promise<Rig & { start: (...args: string[]) => RunningCommand }> {
  const rig = await createRig();
  const env = { OLLAMA_HOST: fake.url };
  const { code, stderr } = await rig.run(['create-agent', 'tester', '--models', 'llama3.2']).exit;
  if (code !== 0) throw new Error(stderr);
  return Object.assign(rig, { start: (...args: string[]) => rig.run(args, { env }) });
}

const tasks = ['one', 'two', 'three'].flatMap((prompt) => ['--tasks', `generate:${prompt}`]);
const runTasks = ['run-tasks', 'tester', ...tasks, '--concurrency', '1'];

const promptsOf = ({ prompts }: FakeOllama) => prompts.map(({ body }) => body.prompt);

test('a run whose process was killed goes on where it was', async () => {
  await using fake = await startFakeOllama();
  await using rig = await rigWithAgent(fake);
  const run = rig.start(...runTasks);
  const call = await fake.nextCall();
  await call.send('kept');
  await call.finish();
  await fake.nextCall();
  await run.untilOutput(/task2 started/);
  run.kill('SIGKILL');
  await run.exit;
  fake.release();
  const resumed = await rig.start('resume-run', 'last', '--json').exit;
  expect(resumed.code).toBe(0);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ status: 'completed', tasks: [{ output: 'kept' }, {}, {}] });
  expect(promptsOf(fake)).toEqual(['one', 'two', 'two', 'three']);
});

test('of two that go on with a run at once, one does and the other is told which', async () => {
  await using fake = await startFakeOllama();
  await using rig = await rigWithAgent(fake);
  const run = rig.start(...runTasks);
  await fake.nextCall();
  run.kill('SIGKILL');
  await run.exit;
  const resuming = [rig.start('resume-run', 'last', '--json'), rig.start('resume-run', 'last', '--json')];
  // The one that goes on waits for its answer until the other one has given up.
  const call = await fake.nextCall();
  const loser = await Promise.race(resuming.map(async (each) => ({ each, ended: await each.exit })));
  const winner = resuming.find((each) => each !== loser.each);
  expect(loser.ended).toMatchObject({ code: 2, stdout: '' });
  expect(loser.ended.stderr).toContain(`is still going on, in process ${winner?.child.pid} on `);
  await call.finish();
  fake.release();
  expect((await winner?.exit)?.code).toBe(0);
  expect(promptsOf(fake)).toEqual(['one', 'one', 'two', 'three']);
});

test('cancel-run ends a run in another terminal, which exits 130', async () => {
  await using fake = await startFakeOllama();
  await using rig = await rigWithAgent(fake);
  const victim = rig.start(...runTasks, '--json');
  await fake.nextCall();
  const { code, stdout } = await rig.start('cancel-run', 'last').exit;
  // It has ended by the time the other one says so, but for the few steps of a process that closes.
  const ended = await victim.exit;
  const document = JSON.parse(ended.stdout) as RunDocument;
  expect({ code, stdout }).toEqual({ code: 0, stdout: `cancelled '${document.id}'\n` });
  expect({ code: ended.code, status: document.status }).toEqual({ code: 130, status: 'cancelled' });
});

test('cancel-run says of a run whose process was killed that it can go on', async () => {
  await using fake = await startFakeOllama();
  await using rig = await rigWithAgent(fake);
  const run = rig.start(...runTasks);
  await fake.nextCall();
  run.kill('SIGKILL');
  await run.exit;
  const { code, stderr } = await rig.start('cancel-run', 'last').exit;
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /it was interrupted: process \d+ on .* is dead\n {2}ollama-orchestrate resume-run [-\w]{36}\n$/,
  );
});
