import { describe, expect, test } from 'vitest';
import { startFakeOllama, type FakeOllama } from '../rig/fake-ollama.ts';
import type { TestHost } from '../rig/test-host.ts';
import { createHome, interrupted, shown, type Home } from './home.ts';
import { documentOf, eventsOf, promptsOf } from './run-cli.ts';

// Runs that were interrupted and go on.

const tasks = ['run-tasks', 'tester', '--concurrency', '1', ...['one', 'two', 'three'].flatMap(taskFlag)];

function taskFlag(prompt: string): string[] {
  return ['--tasks', `generate:${prompt}`];
}

const steps = (...texts: string[]): string[] => [
  'run-workflow',
  'tester',
  ...texts.flatMap((text) => ['--steps', text]),
];

describe('resume-run', () => {
  test('sends what had not ended and nothing else, and prints the whole run', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const before = await interrupted(home, fake, [...tasks, '--json']);
    const sent = fake.prompts.length;
    const resumed = await home.cli(['resume-run', 'last', '--json']);
    expect(resumed.exit).toBe(0);
    expect(promptsOf({ prompts: fake.prompts.slice(sent) })).toEqual(['two', 'three']);
    const document = documentOf(resumed);
    expect(document).toMatchObject({
      ...{ id: documentOf(before).id, created_at: documentOf(before).created_at, status: 'completed' },
      tasks: [{ output: 'first 0' }, { status: 'completed' }, { status: 'completed' }],
      totals: { completed: 3, cancelled: 0 },
    });
    expect(document.tasks?.map(({ id }) => id)).toEqual(documentOf(before).tasks?.map(({ id }) => id));
    expect(await shown(home)).toEqual(document);
  });

  test('prints the answers as if nothing had happened', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await interrupted(home, fake, tasks);
    const { stdout, stderr } = await home.cli(['resume-run', 'last']);
    expect(stdout).toMatch(/^=== task1 \(llama3\.2\)\nfirst 0\n\n=== task2 .*\n.+\n\n=== task3 .*\n.+\n$/);
    expect(stderr).not.toContain('task1');
    expect(stderr).toContain('3 tasks completed');
    expect((await home.cli(['show-run', 'last'])).stdout).toBe(stdout);
  });

  test('prints the result of a workflow also when it was there before', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await interrupted(home, fake, steps('more:generate:go on with {{result}}', 'result:generate:begin'));
    expect(await home.cli(['resume-run', 'last', '--quiet'])).toEqual({ exit: 0, stdout: 'first 0\n', stderr: '' });
    const { stdout } = await home.cli(['list-runs', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ status: 'completed', output: 'first 0' }] });
  });

  test('prints the events of the new part, numbered on', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const before = await interrupted(home, fake, [...tasks, '--output', 'ndjson']);
    const resumed = await home.cli(['resume-run', 'last', '--output', 'ndjson']);
    const durable = [...eventsOf(before), ...eventsOf(resumed)].flatMap((event) => ('seq' in event ? [event.seq] : []));
    expect(durable).toEqual(durable.map((_, index) => index + 1));
    expect(eventsOf(resumed)[0]).toMatchObject({ type: 'run.started' });
  });

  test('holds answers to the schema they were to be of', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const format = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const lines = [
      { type: 'generate', input: 'one' },
      { type: 'generate', input: 'two', format, retries: 0 },
    ];
    const files = { 'tasks.jsonl': lines.map((line) => JSON.stringify(line)).join('\n') };
    const argv = ['run-tasks', 'tester', '--tasks-file', 'tasks.jsonl', '--concurrency', '1'];
    await interrupted(home, fake, argv, 1, { files });
    fake.reply('/api/generate', (call) => call.send('{"n":"many"}').then(() => call.finish()), { times: 2 });
    const resumed = await home.cli(['resume-run', 'last', '--json']);
    expect(documentOf(resumed).tasks?.[1]).toMatchObject({ status: 'failed', problem: { code: 'output-invalid' } });
  });

  test('leaves failed tasks as they are', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    fake.reply('/api/generate', (call) => call.fail(400, 'no'));
    await interrupted(home, fake, tasks, 0);
    const resumed = await home.cli(['resume-run', 'last', '--json']);
    expect(resumed.exit).toBe(1);
    expect(documentOf(resumed)).toMatchObject({ status: 'failed', totals: { failed: 1, completed: 2 } });
  });

  test.each([
    ['completed', [], 'has completed', '--from STEP'],
    ['failed', ['--model', 'missing'], 'has ended, it is failed', 'ollama-orchestrate retry-run '],
  ])('of a run that is %s exits 2 and says what to type', async (_status, flags, message, hint) => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli([...tasks, ...flags]);
    const { exit, stdout, stderr } = await home.cli(['resume-run', 'last', '--json']);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  test('of a run that is going on exits 2 and names its process', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    let host: TestHost | undefined;
    const ending = home.cli(tasks, { onStart: (started) => (host = started) });
    await fake.nextCall();
    const { exit, stderr } = await home.cli(['resume-run', 'last']);
    expect(exit).toBe(2);
    expect(stderr).toContain(`is still going on, in process ${process.pid} on `);
    host?.interrupt();
    await ending;
  });

  test('of a run that was interrupted is what that run ends with', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    const { stderr } = await interrupted(home, fake, tasks);
    expect(stderr).toMatch(/\ngo on: ollama-orchestrate resume-run [-\w]{36}\n$/);
  });

  test('ends with how to go on when it is interrupted itself, and can be repeated', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await interrupted(home, fake, tasks);
    const { stderr } = await interrupted(home, fake, ['resume-run', 'last']);
    expect(stderr).toContain('go on: ollama-orchestrate resume-run ');
    await home.cli(['resume-run', 'last']);
    expect(await shown(home)).toMatchObject({ status: 'completed', totals: { completed: 3 } });
    expect(promptsOf(fake)).toEqual(['one', 'two', 'two', 'three', 'three']);
  });
});

describe('the items of a list', () => {
  const flow = (first: string) => `steps:
  - { name: begin, type: generate, prompt: ${first} }
  - { name: each, type: generate, foreach: [red, green, blue], prompt: 'name a {{item}} fruit for {{begin}}' }
  - { name: sum, type: generate, prompt: 'sum up {{each}}' }
`;
  const argv = ['run-workflow', 'tester', '--file', 'flow.yaml', '--concurrency', '1', '--json'];
  const files = { 'flow.yaml': flow('begin') };

  const fruits = (prompts: unknown[]) =>
    prompts.flatMap((prompt) => /^(?:name a )?(begin|red|green|blue|sum)/.exec(String(prompt))?.[1] ?? []);

  test('that have ended are not done again when a run goes on', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await interrupted(home, fake, argv, 3, { files });
    const sent = fake.prompts.length;
    const resumed = await home.cli(['resume-run', 'last', '--json']);
    expect(resumed.exit).toBe(0);
    expect(fruits(promptsOf({ prompts: fake.prompts.slice(sent) }))).toEqual(['blue', 'sum']);
    const [, each] = documentOf(resumed).steps ?? [];
    expect(each).toMatchObject({
      status: 'completed',
      items: [{ output: 'first 1' }, { output: 'first 2' }, { status: 'completed' }],
    });
    expect(each?.output).toMatch(/^first 1\n\nfirst 2\n\n.+/);
    expect(await shown(home)).toEqual(documentOf(resumed));
  });

  test('that failed are the only ones that are tried again', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    fake.reply(
      ({ text }) => text.includes('green'),
      (call) => call.fail(400, 'no'),
    );
    await home.cli(argv, { files });
    const sent = fake.prompts.length;
    const retried = await home.cli(['retry-run', 'last', '--json']);
    expect(fruits(promptsOf({ prompts: fake.prompts.slice(sent) }))).toEqual(['green', 'sum']);
    expect(documentOf(retried)).toMatchObject({ success: true, totals: { completed: 3, failed: 0, skipped: 0 } });
    expect(await shown(home)).toEqual(documentOf(retried));
  });

  test('are all done again from their step on', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(fake);
    await home.cli(argv, { files });
    const sent = fake.prompts.length;
    const retried = await home.cli(['retry-run', 'last', '--from', 'each', '--json']);
    expect(fruits(promptsOf({ prompts: fake.prompts.slice(sent) }))).toEqual(['red', 'green', 'blue', 'sum']);
    expect(documentOf(retried).steps?.[1]?.items).toHaveLength(3);
  });
});

describe('a model that is not the one it was', () => {
  const changed = async (fake: FakeOllama): Promise<Home> => {
    const home = await createHome(fake);
    await interrupted(home, fake, tasks);
    fake.install({ name: 'llama3.2', digest: 'f'.repeat(64) });
    return home;
  };

  test('stops a run from going on: exit 2, with both digests', async () => {
    await using fake = await startFakeOllama();
    const home = await changed(fake);
    const sent = fake.prompts.length;
    const { exit, stdout, stderr } = await home.cli(['resume-run', 'last', '--json']);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(
      /model 'llama3\.2:latest' on .* it was [0-9a-f]{12}, it is f{12}\n.*--allow-changed-models\n$/,
    );
    expect(fake.prompts).toHaveLength(sent);
    expect(await shown(home)).toMatchObject({ status: 'interrupted' });
  });

  test('does not with --allow-changed-models, and is the one it was from then on', async () => {
    await using fake = await startFakeOllama();
    const home = await changed(fake);
    await interrupted(home, fake, ['resume-run', 'last', '--allow-changed-models']);
    expect((await home.cli(['resume-run', 'last'])).exit).toBe(0);
  });

  test('does not when what is left does not need it', async () => {
    await using fake = await startFakeOllama({ models: ['llama3.2', 'other'] });
    const home = await createHome(fake);
    const lines = ['generate:one', '{"type":"generate","input":"two","model":"other"}'].join('\n');
    const argv = ['run-tasks', 'tester', '--tasks-file', '-', '--concurrency', '1'];
    await interrupted(home, fake, argv, 1, { stdin: lines });
    fake.install({ name: 'llama3.2', digest: 'f'.repeat(64) });
    expect((await home.cli(['resume-run', 'last'])).exit).toBe(0);
  });
});

describe('secrets that are not kept', () => {
  const secret = (fake: FakeOllama) => [{ url: fake.url, headers: { 'X-Key': 'secret' } }];

  test('are taken from the agent', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(undefined, { config: { hosts: secret(fake) } });
    await interrupted(home, fake, tasks);
    expect((await home.cli(['resume-run', 'last'])).exit).toBe(0);
    expect(fake.prompts.at(-1)?.headers).toMatchObject({ 'x-key': 'secret' });
  });

  test('are asked for when no agent has them any more', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome(undefined, { config: { hosts: secret(fake) } });
    await interrupted(home, fake, tasks);
    await home.cli(['delete-agent', 'tester']);
    const { exit, stderr } = await home.cli(['resume-run', 'last']);
    expect(exit).toBe(2);
    expect(stderr).toContain(`the values of the headers for ${fake.url} are not kept with the run, and agent 'tester'`);
    expect(stderr).toContain('--host');
    expect((await home.cli(['resume-run', 'last', '--host', fake.url])).exit).toBe(0);
  });

  test('passwords of addresses are asked for', async () => {
    await using fake = await startFakeOllama();
    const home = await createHome();
    const url = fake.url.replace('://', '://user:secret@');
    await interrupted(home, fake, [...tasks, '--host', url]);
    const { exit, stderr } = await home.cli(['resume-run', 'last']);
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('the password for ') as string });
    expect((await home.cli(['resume-run', 'last', '--host', url])).exit).toBe(0);
  });
});
