import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunDocument } from '../../src/events/run-document.ts';
import { startFakeOllama, type FakeOllama } from '../rig/fake-ollama.ts';
import { startFakeOllamaProcess } from '../rig/fake-ollama-process.ts';
import { createRig, type Rig } from '../rig/rig.ts';

// What the journal promises about processes: those that are killed, those that come in crowds, and disks that fail.

async function rigWithAgent(): Promise<Rig> {
  const rig = await createRig();
  const { code, stderr } = await rig.run(['create-agent', 'tester', '--models', 'llama3.2']).exit;
  if (code !== 0) throw new Error(stderr);
  return rig;
}

const runTasks = (...tasks: string[]): string[] => [
  'run-tasks',
  'tester',
  ...tasks.flatMap((task) => ['--tasks', `generate:${task}`]),
];

const envOf = ({ url }: Pick<FakeOllama, 'url'>) => ({ OLLAMA_HOST: url });

async function runs(rig: Rig): Promise<RunDocument[]> {
  const { stdout } = await rig.run(['list-runs', '--json']).exit;
  return (JSON.parse(stdout) as { runs: RunDocument[] }).runs;
}

async function lastRun(rig: Rig): Promise<RunDocument> {
  return JSON.parse((await rig.run(['show-run', 'last', '--json']).exit).stdout) as RunDocument;
}

test('what had finished when the process was killed is kept, and the run is interrupted', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  const run = rig.run([...runTasks('one', 'two'), '--concurrency', '1'], { env: envOf(fake) });
  const call = await fake.nextCall();
  await call.send('kept');
  await call.finish();
  await fake.nextCall();
  await run.untilOutput(/task1 completed/);
  expect(await runs(rig)).toMatchObject([{ status: 'running', totals: { completed: 1 } }]);
  run.kill('SIGKILL');
  await run.exit;
  expect(await runs(rig)).toMatchObject([{ status: 'interrupted', totals: { completed: 1, cancelled: 1 } }]);
  expect(await lastRun(rig)).toMatchObject({ tasks: [{ output: 'kept' }, { status: 'cancelled', attempts: 1 }] });
});

test('a run ended by Ctrl-C names the command that goes on with it', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  const run = rig.run(runTasks('one'), { env: envOf(fake) });
  await fake.nextCall();
  run.kill('SIGINT');
  const { stderr } = await run.exit;
  expect(stderr).toContain(`ollama-orchestrate resume-run ${(await lastRun(rig)).id}\n`);
  expect(await lastRun(rig)).toMatchObject({ status: 'interrupted' });
});

test('of twenty processes that write at once nothing is lost', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllamaProcess();
  const argv = [...runTasks(...Array.from({ length: 10 }, (_, at) => `p${at}`)), '--json'];
  const ended = await Promise.all(Array.from({ length: 20 }, () => rig.run(argv, { env: envOf(fake) }).exit));
  expect(ended.filter(({ code, stderr }) => code !== 0 || stderr.includes('warning'))).toEqual([]);
  const printed = new Map(ended.map(({ stdout }) => [(JSON.parse(stdout) as RunDocument).id, stdout]));
  for (const { id } of await runs(rig)) {
    expect((await rig.run(['show-run', id, '--json']).exit).stdout).toBe(printed.get(id));
    printed.delete(id);
  }
  expect(printed.size).toBe(0);
});

test('on a file system that cannot be written a run goes on, and says that it is not kept', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllamaProcess();
  using mounted = mount(rig, 'ro');
  if (!mounted) return;
  const ended = await rig.run([...runTasks('one'), '--quiet'], { env: envOf(fake) }).exit;
  expect(ended).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      /^warning: this run is not kept: cannot open .*: the file system is read-only/,
    ) as string,
  });
  expect(ended.stdout).not.toBe('');
});

test('a disk that is full from the start is told, and the run goes on', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllamaProcess();
  using mounted = mount(rig, 'size=8k');
  if (!mounted) return;
  const ended = await rig.run([...runTasks('one'), '--quiet'], { env: envOf(fake) }).exit;
  expect({ code: ended.code, lines: ended.stderr.trimEnd().split('\n') }).toEqual({
    code: 0,
    lines: [expect.stringMatching(/^warning: this run is not kept: /)],
  });
});

test('a disk that fills up in mid-run stops the run: exit 74, and nothing unkept is shown', async () => {
  await using rig = await rigWithAgent();
  await using fake = await startFakeOllama();
  using mounted = mount(rig, 'size=400k');
  if (!mounted) return;
  fake.reply('/api/generate', async (call) => {
    await call.send('x'.repeat(500_000));
    await call.finish();
  });
  const run = rig.run([...runTasks('one', 'two'), '--concurrency', '1'], { env: envOf(fake) });
  const { code, stdout, stderr } = await run.exit;
  expect({ code, stdout }).toEqual({ code: 74, stdout: '' });
  expect(stderr).toContain(
    `cannot write the journal ${join(mounted.disk, 'journal.db')}: no space is left on the disk`,
  );
});

/** A file system of its own in place of the data directory, which only root may mount; undefined elsewhere. */
function mount(rig: Rig, option: string): (Disposable & { disk: string }) | undefined {
  const disk = join(rig.home, 'orchestrate', 'data');
  mkdirSync(disk, { recursive: true });
  writeFileSync(join(disk, 'below'), '');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', option, 'tmpfs', disk], { stdio: 'pipe' });
  } catch {
    console.log('skipped: such a disk needs the right to mount one');
    return undefined;
  }
  return { disk, [Symbol.dispose]: () => execFileSync('umount', ['-l', disk]) };
}
