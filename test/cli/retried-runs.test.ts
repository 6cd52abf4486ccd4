import { describe, expect, test } from 'vitest';
import { startFakeOllama, type FakeOllama } from '../rig/fake-ollama.ts';
import { createHome, interrupted, shown } from './home.ts';
import { documentOf, promptsOf } from './run-cli.ts';

// Runs that are tried again, and runs that another command ends.

const tasks = ['run-tasks', 'tester', '--concurrency', '1', ...['one', 'two', 'three'].flatMap(taskFlag)];

function taskFlag(prompt: string): string[] {
  return ['--tasks', `generate:${prompt}`];
}

const steps = (...texts: string[]): string[] => [
  'run-workflow',
  'tester',
  ...texts.flatMap((text) => ['--steps', text]),
];

describe('retry-run', () => {
  const failing = (fake: FakeOllama, prompt: string) =>
    fake.reply(
      ({ text }) => text.includes(prompt),
      (call) => call.fail(400, 'no'),
    );

  test('does what failed again, and what was skipped for it', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    failing(fake, 'two');
    const argv = steps('a:generate:one', 'b:generate:two {{a}}', 'c:generate:three {{b}}');
    const { exit, stderr } = await home.cli(argv);
    expect(exit).toBe(1);
    expect(stderr).toMatch(/\ngo on: ollama-orchestrate retry-run [-\w]{36}\n$/);
    const retried = await home.cli(['retry-run', 'last', '--json']);
    expect(documentOf(retried)).toMatchObject({ success: true, totals: { completed: 3, failed: 0, skipped: 0 } });
    expect(promptsOf(fake).map((prompt) => String(prompt).split(' ')[0])).toEqual(['one', 'two', 'two', 'three']);
    expect(await shown(home)).toEqual(documentOf(retried));
  });

  test('--from does a step again that completed, and what follows from it', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const argv = steps('a:generate:one', 'b:generate:two', 'c:generate:three {{b}}');
    await home.cli(argv);
    const before = await shown(home);
    const sent = fake.prompts.length;
    fake.reply(
      ({ text }) => text.includes('two'),
      async (call) => {
        await call.send('new');
        await call.finish();
      },
    );
    const retried = await home.cli(['retry-run', 'last', '--from', 'b', '--json']);
    expect(promptsOf({ prompts: fake.prompts.slice(sent) })).toEqual(['two', 'three new']);
    expect(documentOf(retried)).toMatchObject({
      steps: [before.steps?.[0], { output: 'new' }, { status: 'completed' }],
    });
  });

  test('--from that was interrupted goes on with that step', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(steps('a:generate:one', 'b:generate:two'));
    await interrupted(home, fake, ['retry-run', 'last', '--from', 'a'], 0);
    expect(await shown(home)).toMatchObject({
      status: 'interrupted',
      steps: [{ status: 'cancelled' }, { success: true }],
    });
    await home.cli(['resume-run', 'last']);
    expect(promptsOf(fake).filter((prompt) => prompt === 'one')).toHaveLength(3);
  });

  test('--from an unknown step names the nearest one', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(steps('review:generate:one'));
    const { exit, stderr } = await home.cli(['retry-run', 'last', '--from', 'reviev']);
    expect(exit).toBe(2);
    expect(stderr).toContain("has no step 'reviev', did you mean 'review'?");
  });

  test('of a run that completed has nothing to do: exit 2', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(tasks);
    const { exit, stderr } = await home.cli(['retry-run', 'last']);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^error: run [-\w]{36} has completed\n.*retry-run [-\w]{36} --from STEP\n$/);
  });

  test('of an interrupted run does failed tasks again, too', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    fake.reply('/api/generate', (call) => call.fail(400, 'no'));
    await interrupted(home, fake, tasks, 0);
    expect((await home.cli(['retry-run', 'last'])).exit).toBe(0);
    expect(promptsOf(fake)).toEqual(['one', 'two', 'one', 'two', 'three']);
  });
});

describe('cancel-run', () => {
  test('ends a run from another process, which exits 130', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const victim = home.cli([...tasks, '--json']);
    await fake.nextCall();
    const { exit, stdout } = await home.cli(['cancel-run', 'last', '--json']);
    const ended = await victim;
    expect({ exit, cancelled: JSON.parse(stdout) as unknown }).toEqual({
      exit: 0,
      cancelled: { cancelled: documentOf(ended).id },
    });
    expect(ended.exit).toBe(130);
    expect(documentOf(ended)).toMatchObject({ status: 'cancelled', problem: { code: 'cancelled' } });
    expect(ended.stderr).toContain('go on: ollama-orchestrate retry-run ');
    fake.release();
    expect((await home.cli(['retry-run', 'last'])).exit).toBe(0);
  });

  test('of a run that is not going on exits 2', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(tasks);
    const { exit, stdout, stderr } = await home.cli(['cancel-run', 'last', '--json']);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain('has ended, it is completed');
  });
});
