import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../../src/journal/stored-run.ts';
import { startFakeOllama, type FakeOllama } from '../rig/fake-ollama.ts';
import { createHome, type Home } from './home.ts';

const runTasks = ['run-tasks', 'tester', '--tasks', 'generate:one', '--tasks', 'generate:two'];
const runWorkflow = ['run-workflow', 'tester', '--steps', 'a:generate:one', '--steps', 'b:generate:two {{a}}'];

async function listed({ cli }: Home, ...flags: string[]): Promise<RunSummary[]> {
  const { stdout } = await cli(['list-runs', '--json', ...flags]);
  return (JSON.parse(stdout) as { runs: RunSummary[] }).runs;
}

async function onlyId(home: Home): Promise<string> {
  const [run] = await listed(home, '--limit', '1');
  return run!.id;
}

describe('show-run', () => {
  test.each([
    ['tasks', runTasks],
    ['a workflow', runWorkflow],
  ])('prints the document that the run of %s printed', async (_what, argv) => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const { stdout } = await home.cli([...argv, '--json']);
    expect(await home.cli(['show-run', 'last', '--json'])).toMatchObject({ exit: 0, stdout });
  });

  test.each([
    ['tasks', runTasks],
    ['a workflow', runWorkflow],
  ])('prints the answers of %s as the run did', async (_what, argv) => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const { stdout } = await home.cli(argv);
    const shown = await home.cli(['show-run', (await onlyId(home)).slice(-6)]);
    expect(shown).toMatchObject({ exit: 0, stdout });
    expect(shown.stderr).toMatch(/^run [-\w]+: 2 (task|step)s, agent tester, completed, started /);
    expect(shown.stderr).toMatch(/2 (task|step)s completed in /);
  });

  test('prints the report in Markdown', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const { stdout } = await home.cli([...runTasks, '--output', 'markdown']);
    expect(await home.cli(['show-run', 'last', '--output', 'markdown'])).toMatchObject({ stdout });
  });

  test('adds nothing to the summary of a job', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(runTasks);
    const summary = join(home.path, 'summary.md');
    writeFileSync(summary, '');
    await home.cli(['show-run', 'last'], { env: { GITHUB_STEP_SUMMARY: summary } });
    expect(readFileSync(summary, 'utf8')).toBe('');
  });

  test('of a run that is unknown exits 2 and prints nothing', async () => {
    const home = await createHome();
    expect(await home.cli(['show-run', 'abcdef', '--json'])).toEqual({
      exit: 2,
      stdout: '',
      stderr: "error: no run 'abcdef', none is kept\n  ollama-orchestrate list-runs\n",
    });
  });
});

describe('list-runs', () => {
  test('prints a table, the newest run first', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(runTasks);
    await home.cli([...runWorkflow, '--model', 'missing']);
    const { stdout } = await home.cli(['list-runs']);
    expect(stdout.split('\n').map((line) => line.split(/ {4,}/).slice(1, 4))).toEqual([
      ['AGENT', 'STATUS', 'DONE'],
      ['tester', 'failed', '0/2'],
      ['tester', 'completed', '2/2'],
      [],
    ]);
  });

  test('shows ids by which runs are found', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(runTasks);
    const [, line = ''] = (await home.cli(['list-runs'])).stdout.split('\n');
    expect((await home.cli(['show-run', line.split(' ')[0]!])).exit).toBe(0);
  });

  test.each([
    [['--status', 'failed'], 0],
    [['--status', 'completed'], 1],
    [['--agent', 'TESTER'], 1],
    [['--agent', 'other'], 0],
    [['--since', '1h'], 1],
    [['--since', '2d'], 1],
    [['--since', '2026-01-01'], 1],
    [['--since', '2999-01-01T00:00:00Z'], 0],
  ])('%j lists %i of them', async (flags, count) => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(runTasks);
    expect(await listed(home, ...flags)).toHaveLength(count);
  });

  test.each(['yesterday', '-1h', '2026-13-45', '5'])('--since %s is refused', async (time) => {
    const home = await createHome();
    const { exit, stderr } = await home.cli(['list-runs', `--since=${time}`]);
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('--since') as string });
  });

  test('without any run prints an empty list', async () => {
    expect(await listed(await createHome())).toEqual([]);
  });
});

test('export-run prints the durable events that the run printed', async () => {
  await using fake = await startFakeOllama();
  const home = await createHome(fake);
  const { stdout } = await home.cli([...runTasks, '--output', 'ndjson']);
  const durable = stdout.split('\n').filter((line) => line.includes('"seq":'));
  const exported = await home.cli(['export-run', 'last']);
  expect(exported).toEqual({ exit: 0, stdout: `${durable.join('\n')}\n`, stderr: '' });
});

test('export-run --json prints one object', async () => {
  await using fake = await startFakeOllama();
  const home = await createHome(fake);
  await home.cli(runTasks);
  const { stdout } = await home.cli(['export-run', 'last', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ events: [{ type: 'run.started', seq: 1 }, {}, {}, {}, {}, {}] });
});

describe('delete-runs', () => {
  test('takes away what it names', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(runTasks);
    const id = await onlyId(home);
    expect(await home.cli(['delete-runs', id.slice(0, 13)])).toMatchObject({ exit: 0, stdout: `deleted '${id}'\n` });
    expect(await listed(home)).toEqual([]);
  });

  test('--older-than leaves what is younger', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(runTasks);
    expect(await home.cli(['delete-runs', '--older-than', '30d', '--json'])).toMatchObject({
      exit: 0,
      stdout: '{\n  "deleted": []\n}\n',
    });
    expect(await listed(home)).toHaveLength(1);
  });

  test.each([[[]], [['last', '--older-than', '30d']]])('with %j exits 2', async (args) => {
    const home = await createHome();
    expect(await home.cli(['delete-runs', ...args])).toMatchObject({ exit: 2, stdout: '' });
  });
});

describe('a run that did not complete', () => {
  test('ends with the command that goes on with it', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const { stderr } = await home.cli([...runTasks, '--model', 'missing']);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(`go on: ollama-orchestrate retry-run ${await onlyId(home)}`);
  });

  test('does not with --quiet, nor does one that completed', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const quiet = await home.cli([...runTasks, '--model', 'missing', '--quiet']);
    const completed = await home.cli(runTasks);
    expect(quiet.stderr + completed.stderr).not.toContain('go on');
  });
});

describe('a journal that cannot be used', () => {
  const damaged = async (fake?: FakeOllama): Promise<Home> => {
    const home = await createHome(fake);
    mkdirSync(dirname(home.journal), { recursive: true });
    writeFileSync(home.journal, 'no database '.repeat(1000));
    return home;
  };

  test('keeps no run from being carried out: one warning says so', async () => {
    await using fake = await startFakeOllama();
    const home = await damaged(fake);
    const { exit, stdout, stderr } = await home.cli([...runTasks, '--quiet']);
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr:
        `warning: this run is not kept: cannot open the journal ${home.journal}: it is damaged, or no journal; ` +
        'move it away: the next run begins a new one\n',
    });
    expect(stdout).toContain('=== task2');
    expect(readFileSync(home.journal, 'utf8')).toBe('no database '.repeat(1000));
  });

  test('lets a run that fails not name a command that could not show it', async () => {
    await using fake = await startFakeOllama();
    const home = await damaged(fake);
    const { stderr } = await home.cli([...runTasks, '--model', 'missing']);
    expect(stderr).not.toContain('go on');
  });

  test.each([['list-runs'], ['show-run', 'last'], ['export-run', 'last'], ['delete-runs', 'last']])(
    'ends %s %s with 74',
    async (...argv) => {
      const home = await damaged();
      const { exit, stdout, stderr } = await home.cli(argv);
      expect({ exit, stdout }).toEqual({ exit: 74, stdout: '' });
      expect(stderr).toContain(`the journal ${home.journal}: it is damaged`);
    },
  );
});

test('nothing secret gets into the journal', async () => {
  await using fake = await startFakeOllama();
  const home = await createHome();
  const url = fake.url.replace('://', '://user:hidden-password@');
  const host = JSON.stringify([{ url: fake.url, headers: { 'X-Key': 'hidden-header', Authorization: '$TOKEN' } }]);
  const env = { OLLAMA_API_KEY: 'hidden-key', TOKEN: 'hidden-token' };
  await home.cli(['update-agent', 'tester', '--set', `hosts=${host}`]);
  await home.cli(runTasks, { env });
  await home.cli([...runTasks, '--host', url], { env });
  await home.cli([...runTasks, '--host', 'http://user:hidden-password@127.0.0.1:1'], { env });
  expect(await listed(home)).toMatchObject([{ status: 'failed' }, { status: 'completed' }, { status: 'completed' }]);
  const folder = dirname(home.journal);
  const kept = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
  expect(kept.join('')).toContain('"input":"one"');
  expect(kept.join('')).not.toMatch(/hidden-/);
});
