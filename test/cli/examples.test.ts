import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startFakeOllama, type FakeCall, type FakeOllama, type FakeOllamaOptions } from '../rig/fake-ollama.ts';
import { createHome } from './home.ts';
import { cli, documentOf, promptsOf, type CliOptions, type CliResult } from './run-cli.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const files = readdirSync(folder);

/** Runs an example with agent `tester`. */
const run = (name: string, more: readonly string[], options: CliOptions): Promise<CliResult> =>
  cli(['run-workflow', 'tester', '--file', `${folder}${name}.yaml`, ...more], options);

/** A server that answers a prompt which holds these words so. */
async function serverSaying(answers: Record<string, string>, options: FakeOllamaOptions = {}): Promise<FakeOllama> {
  const fake = await startFakeOllama(options);
  for (const [words, answer] of Object.entries(answers)) {
    fake.reply((call) => asked(call).includes(words), answerWith(answer), { times: Infinity });
  }
  return fake;
}

/** The prompt of a call; of a chat, the last message. */
const asked = ({ request }: FakeCall): string => request.prompt ?? request.messages?.at(-1)?.content ?? '';

const answerWith =
  (answer: string) =>
  async (call: FakeCall): Promise<void> => {
    await call.send(answer);
    await call.finish();
  };

/** The one prompt that holds these words. */
function promptWith(fake: FakeOllama, words: string): string {
  const found = promptsOf(fake).filter((prompt) => typeof prompt === 'string' && prompt.includes(words));
  expect(found, words).toHaveLength(1);
  return String(found[0]);
}

const statusesOf = (result: CliResult): Record<string, string> =>
  Object.fromEntries((documentOf(result).steps ?? []).map(({ name, status }) => [name, status]));

const commits = 'a1b2c3 Drop the flag --fast\nd4e5f6 Fix a leak of sockets\n';
const sorted = { added: [], changed: [], fixed: ['d4e5f6 Fix a leak of sockets'], internal: [] };

test.each(files)('%s is valid, and says what it does and how to run it', async (file) => {
  expect(await cli(['validate-workflow', `${folder}${file}`])).toMatchObject({ exit: 0, stderr: '' });
  const [schema, empty, what] = readFileSync(`${folder}${file}`, 'utf8').split('\n');
  expect([schema, empty]).toEqual(['# yaml-language-server: $schema=../schema/workflow.schema.json', '#']);
  expect(what).toMatch(/^# \S/);
  expect(readFileSync(`${folder}${file}`, 'utf8')).toContain(`--file ${file}`);
});

test('release notes of a release that breaks something tell how to upgrade', async () => {
  const changes = JSON.stringify({ ...sorted, breaking: ['a1b2c3 Drop the flag --fast'] });
  const answers = { 'Sort these commits': changes, 'step by step': 'Leave --fast out.', 'release notes': '# 2.0.0' };
  await using fake = await serverSaying(answers);
  const result = await run('release-notes', ['--var', 'version=2.0.0'], { fake, stdin: commits });
  expect(result).toMatchObject({ exit: 0, stdout: '# 2.0.0\n' });
  expect(promptWith(fake, 'Sort these commits')).toContain(commits);
  expect(promptWith(fake, 'step by step')).toContain('["a1b2c3 Drop the flag --fast"]');
  expect(promptWith(fake, 'version 2.0.0')).toContain('Leave --fast out.');
});

test('release notes of a release that breaks nothing ask for no upgrading', async () => {
  await using fake = await serverSaying({ 'Sort these commits': JSON.stringify({ ...sorted, breaking: [] }) });
  const result = await run('release-notes', ['--var', 'version=2.0.0', '--json'], { fake, stdin: commits });
  expect(statusesOf(result)).toEqual({ changes: 'completed', upgrading: 'skipped', notes: 'completed' });
  expect(promptWith(fake, 'version 2.0.0')).toContain('Fixed: ["d4e5f6 Fix a leak of sockets"]');
});

test('a diff is looked at from three angles, and the review merges what was found', async () => {
  const answers = { 'for mistakes': 'MISTAKE', abused: 'ABUSE', 'hard to read': 'NAMES', 'Merge these': 'The review.' };
  await using fake = await serverSaying(answers);
  const diff = '--- a/add.py\n+++ b/add.py\n-  return a - b\n+  return a + b\n';
  expect(await run('review-diff', [], { fake, stdin: diff })).toMatchObject({ exit: 0, stdout: 'The review.\n' });
  expect(fake.prompts.filter(({ body }) => body.prompt?.includes(diff))).toHaveLength(3);
  expect(promptWith(fake, 'Merge these')).toContain('MISTAKE\n\nABUSE\n\nNAMES');
});

test('every text of a folder is translated with one glossary, in the order of the files', async () => {
  const answers = {
    'List the names': 'ship: expédier',
    'Dear all': 'Chers tous',
    'Dear Ada': 'Chère Ada',
  };
  await using fake = await serverSaying(answers);
  const stdin = JSON.stringify(['Dear all,\n\n{{stdin}}', 'Dear Ada,']);
  const result = await run('translate-folder', ['--var', 'language=French', '--json'], { fake, stdin });
  const { steps = [] } = documentOf(result);
  expect(result.exit).toBe(0);
  expect(steps[1]?.items?.map(({ output }) => output)).toEqual(['Chers tous', 'Chère Ada']);
  expect(promptWith(fake, 'Dear all,\n\n{{stdin}}\n')).toContain('into French');
  expect(promptWith(fake, 'Dear Ada,\n')).toContain('ship: expédier');
});

test('an invoice with a missing field is asked for again, and all are data in the end', async () => {
  const good = { number: '7', seller: 'Ada', date: '2026-01-31', total: '3 EUR' };
  await using fake = await startFakeOllama();
  const isOf = (words: string) => (call: FakeCall) => asked(call).includes(words);
  fake.reply(isOf('INVOICE 8'), answerWith(`Here: ${JSON.stringify({ ...good, number: '8' })}`));
  fake.reply(isOf('INVOICE 7'), answerWith('{"number":"7","seller":"Ada"}'));
  fake.reply(isOf('must have required property'), answerWith(JSON.stringify(good)));
  const result = await run('extract-invoices', ['--json'], { fake, stdin: '["INVOICE 7", "INVOICE 8"]' });
  const [invoices] = documentOf(result).steps ?? [];
  expect(result.exit).toBe(0);
  expect(invoices?.items?.map(({ structured, attempts }) => [structured, attempts])).toEqual([
    [good, 2],
    [{ ...good, number: '8' }, 1],
  ]);
});

test('the parts of a long text are summarised, and then their summaries in order', async () => {
  const answers = { 'PART 1': 'one', 'PART 2': 'two', 'PART 3': 'three', 'These are summaries': 'All of it.' };
  await using fake = await serverSaying(answers);
  const result = await run('summarise-text', ['--var', 'sentences=5'], { fake, stdin: '["PART 1","PART 2","PART 3"]' });
  expect(result).toMatchObject({ exit: 0, stdout: 'All of it.\n' });
  expect(promptWith(fake, 'in 5 sentences')).toContain('one\n\ntwo\n\nthree');
});

test('all texts of a folder become vectors', async () => {
  const models = ['llama3.2', { name: 'all-minilm', capabilities: ['embedding' as const] }];
  await using fake = await startFakeOllama({ models });
  const agent = { models: ['all-minilm'] };
  const result = await run('embed-folder', ['--json'], { fake, agent, stdin: '["a","b","c"]' });
  const [vectors] = documentOf(result).steps ?? [];
  expect([result.exit, vectors?.items?.map(({ input, embedding }) => [input, embedding?.length])]).toEqual([
    0,
    ['a', 'b', 'c'].map((input) => [input, 384]),
  ]);
});

const handbook = ['--var', 'handbook=Orders leave within two days.'];

test.each([
  ['bug', ['report'], ['facts', 'handover']],
  ['question', ['facts'], ['report', 'handover']],
  ['other', [], ['report', 'facts', 'handover']],
])('a mail of kind %s takes its own way', async (kind, done, skipped) => {
  await using fake = await serverSaying({ 'What is this mail': `{"kind":"${kind}","language":"Danish"}` });
  const result = await run('answer-mail', [...handbook, '--json'], { fake, stdin: 'When does it leave?' });
  const statuses = Object.entries(statusesOf(result));
  const namesOf = (wanted: string) => statuses.flatMap(([name, status]) => (status === wanted ? [name] : []));
  expect(result.exit).toBe(0);
  expect(namesOf('completed')).toEqual(['mail', ...done, 'reply', 'entry']);
  expect(namesOf('skipped')).toEqual(skipped);
  expect(promptWith(fake, 'in Danish')).toContain('When does it leave?');
});

test('a mail that cannot be understood is handed over to a person, and the run has failed', async () => {
  const answers = { 'could not be answered': 'Ada wants her order.', 'into an entry': '# For a person' };
  await using fake = await serverSaying({ 'What is this mail': 'no idea', ...answers });
  const result = await run('answer-mail', handbook, { fake, stdin: 'WTF' });
  expect(result).toMatchObject({ exit: 1, stdout: '# For a person\n' });
  expect(result.stderr).toContain('mail');
  expect(promptWith(fake, 'into an entry')).toContain('# For a person\nAda wants her order.');
});

test('a talk is prepared in one conversation', async () => {
  await using fake = await serverSaying({ Outline: 'OUTLINE', 'hardest questions': 'QUESTIONS', Rework: 'The talk.' });
  const result = await run('prepare-talk', ['--var', 'topic=SQLite'], { fake });
  expect(result).toMatchObject({ exit: 0, stdout: 'The talk.\n' });
  const messages = fake.prompts.at(-1)?.body.messages?.map(({ role, content }) => [role, content?.slice(0, 9)]);
  expect(messages).toEqual([
    ['system', 'You help '],
    ['user', 'Outline a'],
    ['assistant', 'OUTLINE'],
    ['user', 'What will'],
    ['assistant', 'QUESTIONS'],
    ['user', 'Rework th'],
  ]);
});

const draft = 'def f():\n    return 1';
const better = 'def f():\n    return 2';
const code = (text: string): string => `Of course!\n\n\`\`\`python\n${text}\n\`\`\`\nAnything else?`;

test('a function is written by one agent, looked at by another, and comes out as code alone', async () => {
  const answers = { 'Write a Python': code(draft), 'Which inputs': 'Return 2.', 'Correct this': code(better) };
  await using fake = await serverSaying(answers, { models: ['llama3.2', 'codellama'] });
  const home = await createHome(fake, { name: 'coder', models: ['codellama'] });
  await home.cli(['create-agent', 'reviewer', '--models', 'llama3.2', '--system', 'You are strict.']);
  const file = `${folder}write-function.yaml`;
  const result = await home.cli(['run-workflow', 'coder', '--file', file, '--var', 'job=returns 2']);
  expect(result).toMatchObject({ exit: 0, stdout: `${better}\n` });
  expect(fake.prompts.map(({ body }) => [body.model, body.system])).toEqual([
    ['codellama', undefined],
    ['llama3.2', 'You are strict.'],
    ['codellama', undefined],
  ]);
  expect(promptWith(fake, 'Correct this')).toContain(`${draft}\n\nRemarks:\nReturn 2.`);
});

test('a function is written within a budget', async () => {
  await using fake = await startFakeOllama();
  fake.reply('/api/generate', async (call) => {
    await call.send(code(draft));
    await call.finish({ prompt_eval_count: 100, eval_count: 20_000 });
  });
  const home = await createHome(fake, { name: 'coder' });
  await home.cli(['create-agent', 'reviewer', '--models', 'llama3.2']);
  const file = `${folder}write-function.yaml`;
  const result = await home.cli(['run-workflow', 'coder', '--file', file, '--var', 'job=returns 2', '--json']);
  expect([result.exit, statusesOf(result)]).toEqual([
    5,
    { draft: 'completed', remarks: 'skipped', function: 'skipped' },
  ]);
});

test('the sections of an article are written from a plan, none of which needs another', async () => {
  const sections = [
    { heading: 'Why', says: 'because' },
    { heading: 'How', says: 'so' },
  ];
  const plan = JSON.stringify({ title: 'T', point: 'POINT', sections });
  const answers = { 'Plan an article': plan, 'section "Why"': 'WHY', 'section "How"': 'HOW', 'one article': '# T' };
  await using fake = await serverSaying(answers);
  expect(await run('article', ['--var', 'topic=tests'], { fake })).toMatchObject({ exit: 0, stdout: '# T\n' });
  expect(promptWith(fake, 'section "How"')).toContain('It says: so The point of the whole article: POINT');
  expect(promptWith(fake, 'one article')).toContain(`${plan}\n\nWHY\n\nHOW`);
});
