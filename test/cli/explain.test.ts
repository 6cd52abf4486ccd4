import { expect, test } from 'vitest';
import type { Explanation } from '../../src/app/explain.ts';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { cli, promptsOf, type CliOptions, type CliResult } from './run-cli.ts';

const agent = { models: ['llama3.2', 'codellama', 'nomic-embed-text'] };
const models = ['llama3.2', 'codellama', { name: 'nomic-embed-text', capabilities: ['embedding' as const] }];
const code = 'Write a Python function that sorts a list';

const explain = (more: readonly string[], options: CliOptions): Promise<CliResult> =>
  cli(['explain', 'tester', ...more], { agent, ...options });

test('explain prints one object: the model, and every candidate with its score and reasons', async () => {
  await using fake = await startFakeOllama({ models });
  const { stdout, exit } = await explain([code, '--json'], { fake });
  const host = fake.url;
  expect([exit, JSON.parse(stdout)]).toEqual([
    0,
    {
      index: 0,
      type: 'generate',
      kind: 'code',
      model: 'codellama',
      host,
      reasons: ['made for code'],
      candidates: [
        { model: 'codellama', host, score: 99.99, reasons: ['made for code'] },
        { model: 'llama3.2', host, score: 0, reasons: ["next of the agent's models"] },
        {
          model: 'nomic-embed-text',
          host,
          score: -0.02,
          reasons: ['nomic-embed-text lacks completion'],
          dropped: true,
        },
      ],
    },
  ]);
  expect(promptsOf(fake)).toEqual([]);
});

test('a file of tasks is a line each, in order', async () => {
  await using fake = await startFakeOllama({ models });
  const stdin = `generate:${code}\nembed:a text\nchat:Hello!\n`;
  const { stdout } = await explain(['--tasks-file', '-', '--output', 'ndjson'], { fake, stdin });
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Explanation);
  expect(lines.map(({ index, kind, model }) => [index, kind, model])).toEqual([
    [0, 'code', 'codellama'],
    [1, 'embedding', 'nomic-embed-text'],
    [2, 'chat', 'llama3.2'],
  ]);
});

test('the servers are looked at once, however many tasks there are', async () => {
  await using fake = await startFakeOllama({ models });
  const stdin = 'generate:one\n'.repeat(50);
  await explain(['--tasks-file', '-', '--output', 'ndjson'], { fake, stdin });
  expect(fake.requests.filter(({ path }) => path === '/api/tags')).toHaveLength(1);
});

test('it works without a server: names tell, and that is said', async () => {
  const { stdout, stderr, exit } = await explain(['a text', '--type', 'embed', '--json'], {
    env: { OLLAMA_HOST: 'http://127.0.0.1:9' },
  });
  expect([exit, (JSON.parse(stdout) as Explanation).model]).toEqual([0, 'nomic-embed-text']);
  expect(stderr).toBe(
    'warning: no server answers at http://127.0.0.1:9: what models can do is judged by their names\n',
  );
});

test('placeholders stay as they are, and stdin is not waited for', async () => {
  await using fake = await startFakeOllama({ models });
  const { stdout, exit } = await explain(['Summarise {{stdin}} for {{vars.who}}: {{code}}', '--json'], { fake });
  expect([exit, JSON.parse(stdout)]).toMatchObject([0, { kind: 'writing' }]);
});

test('for people it is the choice, and a table of what was looked at', async () => {
  await using fake = await startFakeOllama({ models });
  const { stdout } = await explain([code], { fake });
  expect(stdout).toBe(
    [
      `generate, code: goes to codellama on ${fake.url}`,
      '',
      'MODEL               SCORE    WHY',
      'codellama           99.99    made for code',
      "llama3.2            0        next of the agent's models",
      'nomic-embed-text    -        nomic-embed-text lacks completion',
      '',
    ].join('\n'),
  );
});

test('of several tasks it is a row each', async () => {
  await using fake = await startFakeOllama({ models });
  const { stdout } = await explain(['--tasks-file', '-'], { fake, stdin: `generate:${code}\nchat:Hello!\n` });
  expect(stdout).toMatch(
    /^TASK +TYPE +KIND +MODEL +WHY\n1 +generate +code +codellama +made for code\n2 +chat +chat +llama3\.2 /,
  );
});

test('a task no model can do is a problem, and the exit code that of a run', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2'] });
  const { stdout, exit } = await explain(['a text', '--type', 'embed', '--json'], {
    fake,
    agent: { models: ['llama3.2'] },
  });
  expect([exit, JSON.parse(stdout)]).toMatchObject([1, { reasons: [], problem: { code: 'model-incapable' } }]);
});

test.each([
  [['one', '--tasks-file', '-'], 'a prompt and --tasks-file exclude each other'],
  [[], 'there is nothing to explain'],
])('%j: wrong usage', async (more, message) => {
  const { stderr, exit } = await explain(more, { stdin: 'generate:x\n' });
  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});
