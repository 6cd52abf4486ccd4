import { describe, expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { createHome, type Home } from './home.ts';
import { documentOf } from './run-cli.ts';

// Answers of earlier runs: --reuse and --replay.

const steps = (...texts: string[]): string[] => [
  'run-workflow',
  'tester',
  ...texts.flatMap((text) => ['--steps', text]),
];
const sure = ['--option', 'temperature=0'];
const workflow = steps('a:generate:one', 'b:chat:two {{a}}');

const noServer = { env: { OLLAMA_HOST: 'http://127.0.0.1:1' } };

describe('--reuse', () => {
  test('takes the answers of an earlier run: nothing is sent', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const before = documentOf(await home.cli([...workflow, ...sure, '--json']));
    const sent = fake.prompts.length;
    const { exit, stdout } = await home.cli([...workflow, ...sure, '--reuse', '--json']);
    expect(exit).toBe(0);
    expect(fake.prompts).toHaveLength(sent);
    const document = documentOf({ stdout });
    expect(document).toMatchObject({
      ...{ success: true, status: 'completed', output: before.output },
      steps: before.steps?.map(({ output, metrics }) => ({ status: 'reused', success: true, output, metrics })),
      totals: { reused: 2, completed: 0, output_tokens: 0 },
    });
    expect(document.steps?.[0]?.reasons?.[0]).toBe(`answered by a of run ${before.id}`);
  });

  test('works across workflows that were edited: what is the same is not asked again', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli([...workflow, ...sure]);
    const { stdout } = await home.cli([...steps('x:generate:one', 'y:chat:other {{x}}'), ...sure, '--reuse', '--json']);
    expect(documentOf({ stdout }).steps).toMatchObject([{ status: 'reused' }, { status: 'completed' }]);
  });

  test.each([
    ['another prompt', steps('a:generate:other'), sure],
    ['other options', steps('a:generate:one'), [...sure, '--option', 'num_predict=5']],
    ['another type', steps('a:chat:one'), sure],
  ])('asks again for %s', async (_what, argv, flags) => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli([...steps('a:generate:one'), ...sure]);
    const { stdout } = await home.cli([...argv, ...flags, '--reuse', '--json']);
    expect(documentOf({ stdout }).steps).toMatchObject([{ status: 'completed' }]);
  });

  test('asks again when the model has other weights', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli([...workflow, ...sure]);
    fake.install({ name: 'llama3.2', digest: 'f'.repeat(64) });
    const { stdout } = await home.cli([...workflow, ...sure, '--reuse', '--json']);
    expect(documentOf({ stdout }).totals).toMatchObject({ reused: 0, completed: 2 });
  });

  test('takes no answer that would be another one each time, and says so', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(workflow);
    const { stdout, stderr } = await home.cli([...steps('a:generate:one'), '--reuse', '--json']);
    expect(documentOf({ stdout }).steps).toMatchObject([{ status: 'completed', warnings: [{ code: 'not-reused' }] }]);
    expect(stderr).toContain('--reuse=all');
  });

  test('takes such an answer with --reuse=all', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(workflow);
    const { stdout } = await home.cli([...workflow, '--reuse=all', '--json']);
    expect(documentOf({ stdout }).totals).toMatchObject({ reused: 2 });
  });

  test('takes no other value', async () => {
    const { exit, stderr } = await (await createHome()).cli([...workflow, '--reuse=some']);
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('Allowed choices are all') as string });
  });

  test('needs no server when every answer is there, and warns whose models it takes for granted', async () => {
    const fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli([...workflow, ...sure]);
    await fake.close();
    const { exit, stdout, stderr } = await home.cli([...workflow, ...sure, '--reuse', '--json']);
    expect(exit).toBe(0);
    expect(documentOf({ stdout }).steps).toMatchObject([
      { status: 'reused', warnings: [{ code: 'model-remembered' }] },
      { status: 'reused' },
    ]);
    expect(stderr).toContain(`no server answers: llama3.2 on ${fake.url} is taken to be the one last seen there`);
  });

  test('fails what is not there when there is no server: exit 1, or 3 when there is nothing', async () => {
    const fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli([...workflow, ...sure]);
    await fake.close();
    const some = await home.cli([...steps('a:generate:one', 'b:generate:new'), ...sure, '--reuse', '--json']);
    expect(some.exit).toBe(1);
    expect(documentOf(some).steps).toMatchObject([{ status: 'reused' }, { problem: { code: 'host-unreachable' } }]);
    expect((await home.cli([...steps('b:generate:new'), ...sure, '--reuse'])).exit).toBe(3);
  });

  test('of an answer whose run was deleted asks again', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli([...workflow, ...sure]);
    await home.cli(['delete-runs', 'last']);
    const { stdout } = await home.cli([...workflow, ...sure, '--reuse', '--json']);
    expect(documentOf({ stdout }).totals).toMatchObject({ reused: 0 });
  });

  test('without anything kept is a run like any other', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    expect((await home.cli([...workflow, '--reuse'])).exit).toBe(0);
  });
});

describe('--replay', () => {
  /** A home in which a workflow was run, and nothing else of the server. */
  async function recorded(argv = workflow): Promise<{ home: Home; id: string; output: string; file: string }> {
    const fake = await startFakeOllama({ models: ['llama3.2', 'other'] });
    const home = await createHome(fake);
    const { id, output = '' } = documentOf(await home.cli([...argv, '--json']));
    const { stdout: file } = await home.cli(['export-run', 'last']);
    await fake.close();
    return { home, id, output, file };
  }

  test('takes all answers from a run', async () => {
    const { home, id, output } = await recorded();
    const { exit, stdout, stderr } = await home.cli([...workflow, '--replay', id.slice(-8), '--json']);
    expect(exit).toBe(0);
    expect(stderr).not.toContain('warning');
    expect(documentOf({ stdout })).toMatchObject({ output, totals: { reused: 2 } });
  });

  test('takes them from its export just as well, where nothing else is known', async () => {
    const { output, file } = await recorded();
    const elsewhere = await createHome();
    const options = { ...noServer, files: { 'run.ndjson': file } };
    const result = await elsewhere.cli([...workflow, '--replay', 'run.ndjson'], options);
    expect(result).toMatchObject({ exit: 0, stdout: `${output}\n` });
  });

  test('takes them from the output of a run that was killed', async () => {
    const { file } = await recorded();
    const half = file.slice(0, file.indexOf('\n', file.indexOf('"task.finished"')) + 40);
    const elsewhere = await createHome();
    const result = await elsewhere.cli([...workflow, '--replay', './half.ndjson', '--json'], {
      files: { 'half.ndjson': half },
    });
    expect(result.exit).toBe(1);
    expect(documentOf(result).steps).toMatchObject([{ status: 'reused' }, { problem: { code: 'answer-unrecorded' } }]);
  });

  test('fails a prompt that was not recorded', async () => {
    const { home } = await recorded();
    const result = await home.cli([...steps('a:generate:one', 'b:chat:edited {{a}}'), '--replay', 'last', '--json']);
    expect(result.exit).toBe(1);
    expect(documentOf(result).steps).toMatchObject([{ status: 'reused' }, { problem: { code: 'answer-unrecorded' } }]);
  });

  test('fails a prompt that is to go to a model which did not answer it', async () => {
    const { home } = await recorded();
    const result = await home.cli([...workflow, '--model', 'other', '--replay', 'last', '--json']);
    expect(result.exit).toBe(1);
    expect(documentOf(result).steps?.[0]).toMatchObject({ problem: { code: 'answer-unrecorded' } });
  });

  test('gives the same prompt its answers in their order', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    for (const text of ['first', 'second', 'third']) {
      fake.reply('/api/generate', (call) => call.send(text).then(() => call.finish()));
    }
    const run = (names: string[], ...flags: string[]) => {
      const lines = names.map((name) => JSON.stringify({ name, type: 'generate', input: 'roll the dice' }));
      const argv = ['run-tasks', 'tester', '--concurrency', '1', '--tasks-file', '-', '--json', ...flags];
      return home.cli(argv, { stdin: lines.join('\n') });
    };
    await run(['a', 'b', 'c']);
    const replayed = await run(['c', 'x', 'y', 'z'], '--replay', 'last');
    expect(documentOf(replayed).tasks?.map(({ output }) => output)).toEqual(['third', 'first', 'second', 'third']);
  });

  test.each([
    ['a line that is no event', 'nonsense\n', 'run.ndjson:2: this is no event of a run'],
    [
      'an event of another run',
      '{"type":"host.changed","run_id":"x"}\n',
      'run.ndjson:2: this event is one of another run, x',
    ],
    [
      'an event without its parts',
      '{"type":"task.finished","run_id":"ID"}\n',
      'run.ndjson:2: a part of this task.finished is missing',
    ],
  ])('refuses a file with %s', async (_what, line, message) => {
    const { file, id } = await recorded();
    const [first = '', ...rest] = file.split('\n');
    const files = { 'run.ndjson': [first, line.trim().replace('ID', id), ...rest].join('\n') };
    const { exit, stderr } = await (await createHome()).cli([...workflow, '--replay', 'run.ndjson'], { files });
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining(message) as string });
  });

  test.each([
    ['that is empty', '', 'there is no event in it'],
    ['that is binary', new Uint8Array([0xff, 0xfe, 0, 1]), 'is not UTF-8 text'],
    ['of something else', '{"name":"x"}\n', 'run.ndjson:1: this is no event of a run'],
    ['that begins in the middle', '{"type":"run.finished","run_id":"x"}\n', 'a run begins with run.started'],
  ])('refuses a file %s', async (_what, content, message) => {
    const files = { 'run.ndjson': content };
    const { exit, stderr } = await (await createHome()).cli([...workflow, '--replay', 'run.ndjson'], { files });
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining(message) as string });
  });

  test('of a file that is not there, or a run that is unknown, exits 2', async () => {
    const home = await createHome();
    expect((await home.cli([...workflow, '--replay', 'none.ndjson'])).stderr).toContain(
      "cannot read file 'none.ndjson'",
    );
    expect((await home.cli([...workflow, '--replay', 'abcdef'])).stderr).toContain("no run 'abcdef'");
  });

  test('together with --reuse is refused', async () => {
    const { exit, stderr } = await (await createHome()).cli([...workflow, '--replay', 'last', '--reuse']);
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('exclude each other') as string });
  });

  test('goes on as a replay when it is resumed', async () => {
    const { home } = await recorded();
    await home.cli([...steps('a:generate:one', 'b:chat:edited {{a}}'), '--replay', 'last']);
    const { exit, stderr } = await home.cli(['retry-run', 'last', '--json']);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('holds no answer') as string });
  });
});
