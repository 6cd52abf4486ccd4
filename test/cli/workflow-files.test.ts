import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { ProblemCode } from '../../src/errors/catalogue.ts';
import type { Problem } from '../../src/errors/problem.ts';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { cli, documentOf, eventsOf, promptsOf, type CliOptions, type CliResult } from './run-cli.ts';

/** A file with these lines above two steps, the second of which needs the first. */
const flow = (...head: string[]): string =>
  [
    ...head,
    'steps:',
    '  - {name: one, type: generate, prompt: ONE}',
    "  - {name: two, type: chat, prompt: 'two {{one}}'}",
  ].join('\n');

const run = (text: string, more: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  cli(['run-workflow', 'tester', '--file', 'flow.yaml', ...more], {
    ...options,
    files: { 'flow.yaml': text, ...options.files },
  });

const check = (text: string | Uint8Array, more: readonly string[] = [], options: CliOptions = {}): Promise<CliResult> =>
  cli(['validate-workflow', 'flow.yaml', ...more], { ...options, files: { 'flow.yaml': text, ...options.files } });

const problemsOf = ({ stdout }: CliResult): Problem[] => (JSON.parse(stdout) as { problems: Problem[] }).problems;

const placesOf = (result: CliResult): [ProblemCode, number | undefined, number | undefined][] =>
  problemsOf(result).map(({ code, location }) => [code, location?.line, location?.column]);

test('a file runs: its steps in order of their needs, the last output on stdout', async () => {
  await using fake = await startFakeOllama();
  const { exit, stdout } = await run(flow('name: Two'), ['--json'], { fake });
  const { steps = [], output } = JSON.parse(stdout) as ReturnType<typeof documentOf>;
  expect([exit, steps.map(({ name }) => name)]).toEqual([0, ['one', 'two']]);
  expect([steps[1]?.input, output]).toEqual([`two ${steps[0]?.output ?? ''}`, steps[1]?.output]);
});

test('JSON is YAML', async () => {
  await using fake = await startFakeOllama();
  const file = JSON.stringify(
    { vars: { x: 'X' }, steps: [{ type: 'generate', prompt: 'a {{vars.x}}' }] },
    undefined,
    '\t',
  );
  expect((await run(file, ['--quiet'], { fake })).exit).toBe(0);
  expect(promptsOf(fake)).toEqual(['a X']);
});

test('a file is read from standard input', async () => {
  await using fake = await startFakeOllama();
  const result = await cli(['run-workflow', 'tester', '--file', '-', '--quiet'], { fake, stdin: flow() });
  expect([result.exit, fake.prompts.length]).toEqual([0, 2]);
});

test('a list is piped in as JSON, and each of its elements is a prompt', async () => {
  await using fake = await startFakeOllama();
  const text = "steps: [{type: generate, foreach: fromJSON(stdin), prompt: 'about {{item.name}}'}]";
  const { exit } = await run(text, ['--quiet'], { fake, stdin: '[{"name":"one"},{"name":"two"}]' });
  expect([exit, promptsOf(fake)]).toEqual([0, ['about one', 'about two']]);
});

test('a condition looks at what is piped in', async () => {
  await using fake = await startFakeOllama();
  const text = 'steps: [{type: generate, if: "contains(stdin, \'yes\')", prompt: A}]';
  const statuses = [];
  for (const stdin of ['yes', 'no']) {
    const { steps = [] } = documentOf(await run(text, ['--json'], { fake, stdin }));
    statuses.push(steps[0]?.status);
  }
  expect(statuses).toEqual(['completed', 'skipped']);
});

test('standard input is left alone where only a text has its name', async () => {
  await using fake = await startFakeOllama();
  const stdin = new Readable({ read: () => expect.fail('standard input is read') });
  const text = `steps: [{type: generate, if: "'from stdin' != vars.stdin", prompt: A}]\nvars: {stdin: x}`;
  expect((await run(text, ['--quiet'], { fake, stdin })).exit).toBe(0);
});

test('output names the step whose text is the result', async () => {
  await using fake = await startFakeOllama();
  const json = await run(flow('output: one'), ['--json'], { fake });
  const text = await run(flow('output: one'), ['--quiet'], { fake });
  const events = await run(flow('output: one'), ['--output', 'ndjson'], { fake });
  const { output, steps } = documentOf(json);
  expect(output).toBe(steps?.[0]?.output);
  expect(text.stdout).toBe(`${output ?? ''}\n`);
  expect(eventsOf(events)[0]).toMatchObject({ type: 'run.started', output_step: 'one' });
});

test('needs make a step wait for one whose output it does not use', async () => {
  await using fake = await startFakeOllama();
  const steps = [
    'steps:',
    '  - {name: b, type: generate, prompt: B, needs: a}',
    '  - {name: a, type: generate, prompt: A}',
  ];
  const { steps: entries } = documentOf(await run(steps.join('\n'), ['--json'], { fake }));
  expect(entries?.map(({ name, needs }) => [name, needs])).toEqual([
    ['b', ['a']],
    ['a', []],
  ]);
  expect(promptsOf(fake)).toEqual(['A', 'B']);
});

test('a step whose need failed is skipped', async () => {
  await using fake = await startFakeOllama();
  const steps = [
    'steps:',
    '  - {name: a, type: generate, prompt: A, model: none}',
    '  - {type: generate, prompt: B, needs: [a]}',
  ];
  const result = await run(steps.join('\n'), ['--json'], { fake });
  expect(documentOf(result).steps?.map(({ status }) => status)).toEqual(['failed', 'skipped']);
});

test('variables have the value of --var, else their default, taken as it is written', async () => {
  await using fake = await startFakeOllama();
  const vars = 'vars: {a: 1.10, b: {default: no}, c: {required: false}, d: x, e: {required: true}}';
  const text = `${vars}\nsteps: [{type: generate, prompt: "{{vars.a}}|{{vars.b}}|{{vars.c}}|{{vars.d}}|{{vars.e}}"}]`;
  await run(text, ['--var', 'd={{stdin}}', '--var', 'e=5', '--quiet'], { fake });
  expect(promptsOf(fake)).toEqual(['1.10|no||{{stdin}}|5']);
});

test('a missing variable is told with its description, and one that is not declared with a suggestion', async () => {
  const text = flow('vars:', '  language: {required: true, description: the language of the answer}');
  const { exit, stdout, stderr } = await run(text, ['--var', 'langauge=French']);
  expect([exit, stdout]).toEqual([2, '']);
  expect(stderr).toBe(`error: flow.yaml:2:3: the variable 'language' has no value: the language of the answer
  2 |   language: {required: true, description: the language of the answer}
    |   ^^^^^^^^
  add --var language=…
error: --var langauge: the workflow declares no variable of this name
  did you mean 'language'?
`);
});

test('environment variables are read when the file names them', async () => {
  await using fake = await startFakeOllama();
  const text = 'env: WHO\nsteps: [{type: generate, prompt: "for {{env.WHO}}"}]';
  await run(text, ['--quiet'], { fake, env: { WHO: 'me' } });
  expect(promptsOf(fake)).toEqual(['for me']);
  expect(await run(text, [])).toMatchObject({ exit: 2, stderr: expect.stringContaining('WHO is not set') as string });
});

test('prompts and pictures are files beside the workflow file, sent as they are', async () => {
  await using fake = await startFakeOllama({ models: [{ name: 'llama3.2', capabilities: ['completion', 'vision'] }] });
  const text = 'steps: [{name: a, type: generate, prompt-file: ask.md, images: ["@cat.png"]}]';
  const files = { 'flows/flow.yaml': text, 'flows/ask.md': 'What is {{stdin}} {{a}}?\n', 'flows/cat.png': 'hi' };
  const result = await cli(['run-workflow', 'tester', '--file', 'flows/flow.yaml', '--quiet'], { fake, files });
  expect(result.exit).toBe(0);
  expect(fake.prompts[0]?.body).toMatchObject({ prompt: 'What is {{stdin}} {{a}}?\n', images: ['aGk='] });
});

test('braces in a prompt file that would stand for something are told', async () => {
  const text = 'steps: [{name: a, type: generate, prompt: A}, {type: generate, prompt_file: ask.md}]';
  const { exit, stderr } = await check(text, [], { files: { 'ask.md': 'Use {{a}} and {{other}}' } });
  expect([exit, stderr]).toEqual([0, 'warning: step2: {{a}} is sent as typed\n']);
});

test.each([
  ['the file', [], 1],
  ['a flag', ['--concurrency', '2'], 2],
])('%s says how many requests are in flight', async (_who, flags, most) => {
  await using fake = await startFakeOllama();
  fake.hold();
  const text = 'max-parallel: 1\nsteps: [{type: generate, prompt: A}, {type: generate, prompt: B}]';
  const running = run(text, [...flags, '--quiet'], { fake });
  await fake.until(({ open }) => open === most);
  fake.release();
  await running;
  expect(fake.maxOpen).toBe(most);
});

test.each([
  ['fail_fast of the file', 'fail_fast: true', [], 'skipped'],
  ['--no-fail-fast, which wins', 'fail_fast: true', ['--no-fail-fast'], 'completed'],
  ['--fail-fast, which wins', 'fail_fast: false', ['--fail-fast'], 'skipped'],
  ['nobody', 'name: x', [], 'completed'],
])('what happens after a failure is said by %s', async (_who, head, flags, status) => {
  await using fake = await startFakeOllama();
  const text = `${head}\nmax_parallel: 1\nsteps: [{type: generate, prompt: A, model: none}, {type: generate, prompt: B}]`;
  const result = await run(text, [...flags, '--json'], { fake });
  expect(documentOf(result).steps?.[1]?.status).toBe(status);
});

test('timeout of the file bounds the run', async () => {
  await using fake = await startFakeOllama({ silent: true });
  const result = await run(flow('timeout: 50ms'), ['--json'], { fake });
  expect(result.exit).toBe(5);
});

test('steps come from a file or from flags', async () => {
  const { exit, stderr } = await run(flow(), ['--steps', 'a:generate:b']);
  expect([exit, stderr]).toEqual([
    2,
    'error: the steps are given twice, in a file and besides it\n  use --file or --steps\n',
  ]);
});

test('standard input cannot be the workflow and text at once', async () => {
  const stdin = 'steps: [{type: generate, prompt: "{{stdin}}"}]';
  const { exit, stderr } = await cli(['run-workflow', 'tester', '--file', '-'], { stdin });
  expect([exit, stderr]).toEqual([2, expect.stringContaining('put the workflow into a file: --file FILE')]);
});

test('a valid file is said to be valid, without a server, an agent or values', async () => {
  const text = flow('env: [NOWHERE]', 'vars: {x: {required: true}}').replace(
    'ONE',
    "'{{stdin}}{{vars.x}}{{env.NOWHERE}}'",
  );
  expect(await check(text)).toEqual({ exit: 0, stdout: 'flow.yaml is valid: 2 steps\n', stderr: '' });
  expect(await check(text, ['--json'])).toMatchObject({ exit: 0, stdout: '{\n  "problems": []\n}\n' });
});

test('all problems of a file are told at once, in its order', async () => {
  const text = `timeout: soon
stpes:
  - name: one
    type: genrate
    prompt: Say {{tow}}
    retries: "3"
  - name: two
    type: generate
    imput: Say {{vars.x}}
`;
  const result = await check(text, ['--json']);
  expect([result.exit, result.stderr]).toEqual([2, '']);
  expect(placesOf(result)).toEqual([
    ['workflow-invalid', 1, 10],
    ['workflow-invalid', 2, 1],
    ['task-type-unknown', 4, 11],
    ['placeholder-unknown', 5, 19],
    ['task-invalid', 6, 14],
    ['workflow-invalid', 9, 5],
    ['placeholder-unknown', 9, 23],
  ]);
});

test('a problem is marked in its line, wide letters and tabs before it included', async () => {
  const { stderr } = await check('steps: [{type: generate, prompt: "日本é {{nowhere}}"}]\n');
  const [, line = '', carets = ''] = stderr.split('\n');
  expect(line).toContain('日本é {{nowhere}}');
  expect(carets.indexOf('^')).toBe(line.indexOf('nowhere') + 2);
  expect(carets.trimEnd().length - carets.indexOf('^')).toBe('nowhere'.length);
});

test.each([
  ['an empty file', '', ['workflow-invalid', 1, 1]],
  ['a file of comments', '# nothing\n', ['workflow-invalid', 1, 1]],
  ['text', 'hello\n', ['workflow-invalid', 1, 1]],
  ['a file that is not UTF-8', Buffer.from('steps:\n  - é: \xff\n', 'latin1'), ['workflow-invalid', 2, 5]],
  ['a file in UTF-16', Buffer.from('\uFEFFsteps: []', 'utf16le'), ['workflow-invalid', 1, 1]],
  ['a very large file', ' '.repeat(5 * 1024 * 1024), ['input-too-large', undefined, undefined]],
  ['lists in lists', `steps: ${'['.repeat(100_000)}`, ['workflow-invalid', 1, 72]],
  ['lists in lists in a block', `steps:\n  ${'- '.repeat(10_000)}x`, ['workflow-invalid', 2, 131]],
  ['an alias within its own anchor', 'steps: &x [*x]', ['workflow-invalid', 1, 12]],
])('%s is refused', async (_what, text, [code, line, column]) => {
  const result = await check(text, ['--json']);
  expect([result.exit, placesOf(result)[0]]).toEqual([2, [code, line, column]]);
});

test('aliases cannot blow a file up', async () => {
  const levels = Array.from({ length: 30 }, (_, at) => `  - &a${at} [${at === 0 ? 'x' : `*a${at - 1},*a${at - 1}`}]`);
  const result = await check(['steps:', ...levels].join('\n'), ['--json']);
  expect(result.exit).toBe(2);
  expect(problemsOf(result).map(({ message }) => message)).toContain(
    'with its aliases the document holds more than 100000 values',
  );
});

test('anchors and aliases share texts', async () => {
  await using fake = await startFakeOllama();
  const text = 'steps: [{type: generate, prompt: A, system: &s Be brief.}, {type: generate, prompt: B, system: *s}]';
  await run(text, ['--quiet'], { fake });
  expect(fake.prompts.map(({ body }) => body.system)).toEqual(['Be brief.', 'Be brief.']);
});

test('a file that cannot be read is a problem without a place', async () => {
  const result = await cli(['validate-workflow', 'nowhere.yaml', '--json']);
  expect([result.exit, problemsOf(result)]).toEqual([2, [expect.objectContaining({ code: 'file-unreadable' })]]);
});

test('a byte order mark and line ends of Windows change no place', async () => {
  const result = await check('\uFEFFname: x\r\nstpes: []\r\n', ['--json']);
  expect(placesOf(result)[0]).toEqual(['workflow-invalid', 2, 1]);
  expect(problemsOf(result)[0]?.excerpt).toBe('2 | stpes: []\n  | ^^^^^');
});
