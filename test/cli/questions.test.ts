import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { cli, promptsOf, type CliOptions, type CliResult } from './run-cli.ts';

const announce = `
vars:
  product: { description: what is announced }
  place: { required: true }
  tone: friendly
steps:
  - { type: generate, prompt: 'A {{vars.tone}} note on {{vars.product}} in {{vars.place}}' }
`;
const onFile = ['run-workflow', 'tester', '--file', 'announce.yaml'];
const onTask = ['run-tasks', '--tasks', 'generate:one'];

/** The program on a terminal where somebody types these keys. */
function typing(keys: string, argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const stdin = new PassThrough();
  stdin.write(keys);
  const isTTY = { stdin: true, stderr: true };
  return cli(argv, { stdin, isTTY, env: { CI: undefined }, files: { 'announce.yaml': announce }, ...options });
}

/** What was asked, in order: each question is drawn at the start of a line. */
const questionsOf = ({ stderr }: CliResult): string[] =>
  [...stderr.matchAll(/\x1b\[1G\x1b\[0J(.*?): /g)].map(([, question = '']) => question);

test('a missing agent is chosen by its number, and variables without a value are asked for', async () => {
  await using fake = await startFakeOllama();
  const result = await typing('1\ra shop\rBerlin\r', ['run-workflow', '--file', 'announce.yaml'], { fake });
  expect(questionsOf(result)).toEqual(['agent (tester)', 'product', 'place']);
  expect(result.stderr).toMatch(/ 1 {2}tester {2}llama3\.2\n/);
  expect(result.stderr).toContain('what is announced\n');
  expect(result.exit).toBe(0);
  expect(promptsOf(fake)).toEqual(['A friendly note on a shop in Berlin']);
});

test.each([
  ['its name', 'tester\r'],
  ['Enter, where there is only one', '\r'],
  ['another try after a mistyped name', 'testre\rtester\r'],
])('an agent is chosen by %s', async (_what, keys) => {
  await using fake = await startFakeOllama();
  expect((await typing(keys, onTask, { fake })).exit).toBe(0);
  expect(promptsOf(fake)).toEqual(['one']);
});

test('what is given is not asked for', async () => {
  await using fake = await startFakeOllama();
  const result = await typing('Berlin\r', [...onFile, '--var', 'product=tea'], { fake });
  expect(questionsOf(result)).toEqual(['place']);
  expect(promptsOf(fake)).toEqual(['A friendly note on tea in Berlin']);
});

test('no value is asked for again', async () => {
  await using fake = await startFakeOllama();
  const result = await typing('\r\rtea\rBerlin\r', onFile, { fake });
  expect(questionsOf(result)).toEqual(['product', 'product', 'product', 'place']);
  expect(result.exit).toBe(0);
});

test('control characters are neither taken nor echoed', async () => {
  await using fake = await startFakeOllama();
  const result = await typing('t\x9b31me\u2028a\x07\rBerlin\r', onFile, { fake });
  expect(promptsOf(fake)).toEqual(['A friendly note on t31mea in Berlin']);
  expect(result.stderr).not.toMatch(/[\x07\x9b\u2028]/);
});

test('Ctrl-C ends with 130, and nothing is sent', async () => {
  await using fake = await startFakeOllama();
  expect((await typing('tea\r\x03', onFile, { fake })).exit).toBe(130);
  expect(fake.requests).toEqual([]);
});

test.each([
  ['an agent', onTask, "error: missing required argument 'AGENT'\n"],
  ['a variable', onFile, "the variable 'product' has no value: what is announced\n"],
])('Ctrl-D in place of %s ends with 2, as without a terminal', async (_what, argv, message) => {
  await using fake = await startFakeOllama();
  const result = await typing('\x04', argv, { fake });
  expect(result).toMatchObject({ exit: 2, stdout: '' });
  expect(result.stderr).toContain(message);
  expect(fake.requests).toEqual([]);
});

test('lines beyond what was asked for are not lost in silence', async () => {
  await using fake = await startFakeOllama();
  const result = await typing('tea\rBer\rlin\r', onFile, { fake });
  expect(result.exit).toBe(2);
  expect(result.stderr).toContain('more lines came in than were asked for; nothing was sent');
  expect(fake.requests).toEqual([]);
});

test.each<[string, string[], CliOptions]>([
  ['in CI', [], { env: { CI: 'true' } }],
  ['when stdin is a pipe', [], { isTTY: { stderr: true } }],
  ['when nobody sees stderr', [], { isTTY: { stdin: true } }],
  ['with --quiet', ['--quiet'], {}],
])('nothing is asked %s', async (_what, flags, options) => {
  const agent = await typing('', [...onTask, ...flags], options);
  expect(agent).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining("missing required argument 'AGENT'") as string,
  });
  const variable = await typing('', [...onFile, ...flags], options);
  expect(variable).toMatchObject({ exit: 2, stderr: expect.stringContaining("the variable 'product'") as string });
  expect([...questionsOf(agent), ...questionsOf(variable)]).toEqual([]);
});

test('nobody is asked about a workflow file that is not valid', async () => {
  const files = { 'announce.yaml': 'vars: { a: { required: true } }\nsteps: [{ type: generat, prompt: x }]\n' };
  const result = await typing('', ['run-workflow', '--file', 'announce.yaml'], { files });
  expect(result.exit).toBe(2);
  expect(result.stderr).toContain("did you mean 'generate'?");
  expect(questionsOf(result)).toEqual([]);
});

test('nobody is asked for an agent when there is nothing to run', async () => {
  expect(questionsOf(await typing('', ['run-tasks']))).toEqual([]);
});

test.each([
  [['run-tasks', 'generate:Say hello'], "'generate:Say hello' is a prompt, and the agent belongs there", '--tasks'],
  [['run-workflow', './flow.yaml'], "'./flow.yaml' is a file, and the agent belongs there", '--file'],
])('%j: what stands in the place of the agent is told', async (argv, message, flag) => {
  const result = await typing('', argv);
  expect(result.exit).toBe(2);
  expect(result.stderr).toBe(`error: ${message}\n  ollama-orchestrate ${argv[0] ?? ''} AGENT ${flag} …\n`);
});
