import { expect, test } from 'vitest';
import { startFakeOllama, type FakeOllamaOptions } from '../rig/fake-ollama.ts';
import { cli, documentOf, onlyTask, promptsOf, runTasks } from './run-cli.ts';

const numCtx = 512;
const words = 'Each task goes to the model that suits it best, and every result says why it went there. '.split(' ');

/** The fake server counts four characters as a token. */
function textOf(tokens: number, from = 0): string {
  let text = '';
  for (let at = from; text.length < tokens * 4; at += 1) text += `${words[at % words.length] ?? ''} `;
  return text.slice(0, tokens * 4 - 1);
}

function promptOf(tokens: number, at: number): object {
  if (at % 3 === 0) return { type: 'chat', messages: messagesOf(tokens, at), input: '' };
  return { type: at % 3 === 1 ? 'generate' : 'chat', input: textOf(tokens, at) };
}

/** A conversation of turns of some 40 tokens. */
function messagesOf(tokens: number, at: number): object[] {
  const text = textOf(tokens, at);
  const length = 160;
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: text.slice(index * length, (index + 1) * length),
  }));
}

async function run(tasks: object[], server: FakeOllamaOptions, ...more: string[]) {
  await using fake = await startFakeOllama(server);
  const stdin = tasks.map((task) => JSON.stringify(task)).join('\n');
  const flags = ['--tasks-file', '-', '--option', `num_ctx=${numCtx}`, '--option', 'num_predict=1', '--json', ...more];
  return documentOf(await runTasks([], flags, { fake, stdin }));
}

const overflowing = Array.from({ length: 50 }, (_, at) => promptOf(numCtx * (1.15 + at / 20), at));
const fitting = Array.from({ length: 200 }, (_, at) => promptOf(20 + ((numCtx - 40) * at) / 200, at));

const servers: [string, FakeOllamaOptions][] = [
  ['refuses', {}],
  ['cuts to the context', { version: '0.12.0', overflow: 'cut' }],
  ['cuts to half of the context', { version: '0.30.0', overflow: 'half' }],
  ['drops the oldest messages', { version: '0.12.0', overflow: 'drop' }],
];

test.each(servers)(
  '50 prompts that do not fit, for a server that %s: each fails and says so',
  async (_what, server) => {
    const { tasks = [] } = await run(overflowing, server);
    expect(tasks.filter(({ problem }) => problem?.code !== 'prompt-too-long').map(({ name }) => name)).toEqual([]);
  },
);

test.each(servers)('200 prompts that fit, for a server that %s: none fails', async (_what, server) => {
  const { totals } = await run(fitting, server);
  expect(totals).toMatchObject({ completed: 200, failed: 0 });
});

test('with --on-truncate warn a prompt that is cut completes with a warning', async () => {
  const { tasks } = await run([promptOf(2 * numCtx, 1)], { overflow: 'cut' }, '--on-truncate', 'warn');
  expect(tasks).toMatchObject([{ status: 'completed', warnings: [{ code: 'output-length' }, { code: 'prompt-cut' }] }]);
});

test('a prompt of more words than the context has tokens is never sent', async () => {
  await using fake = await startFakeOllama();
  const result = await runTasks([`generate:${'word '.repeat(300)}`], ['--option', 'num_ctx=256', '--json'], { fake });
  expect(result.exit).toBe(1);
  expect(onlyTask(result)).toMatchObject({ status: 'failed', attempts: 0, problem: { code: 'prompt-too-long' } });
  expect(promptsOf(fake)).toEqual([]);
});

test('a server that refuses is quoted with both numbers and what to change', async () => {
  await using fake = await startFakeOllama();
  const result = await runTasks([`generate:${'wordings '.repeat(250)}`], ['--option', 'num_ctx=256', '--json'], {
    fake,
  });
  expect(onlyTask(result).problem).toMatchObject({
    message: 'the prompt does not fit into the context of llama3.2, which holds 256 tokens: it has about 322',
    hint: 'give it a longer context: --option num_ctx=512, or shorten the prompt',
    cause: 'the input length exceeds the context length',
  });
});

test('the task, then the agent says what becomes of a prompt that is cut', async () => {
  await using fake = await startFakeOllama({ overflow: 'cut' });
  const task = { type: 'generate', input: textOf(2 * numCtx), options: { num_ctx: numCtx } };
  const stdin = [task, { ...task, on_truncate: 'fail' }].map((each) => JSON.stringify(each)).join('\n');
  const agent = { config: { on_truncate: 'warn' } } as const;
  const result = await runTasks([], ['--tasks-file', '-', '--json'], { fake, stdin, agent });
  expect(documentOf(result).tasks?.map(({ status }) => status)).toEqual(['completed', 'failed']);
});

test('a step of a workflow file says what becomes of a prompt that is cut', async () => {
  await using fake = await startFakeOllama({ overflow: 'cut' });
  const step = `{ type: generate, prompt: "${textOf(2 * numCtx)}", options: { num_ctx: ${numCtx} }`;
  const file = `steps:\n  - ${step}, on-truncate: warn }\n  - ${step} }`;
  const flags = ['run-workflow', 'tester', '--file', 'flow.yaml', '--json'];
  const { steps } = documentOf(await cli(flags, { fake, files: { 'flow.yaml': file } }));
  expect(steps?.map(({ status }) => status)).toEqual(['completed', 'failed']);
});

test('a model that was loaded with a short context for others is not held against a prompt', async () => {
  await using fake = await startFakeOllama();
  await runTasks(['generate:x'], ['--option', 'num_ctx=256'], { fake });
  const result = await runTasks([`generate:${textOf(1000)}`], ['--json'], { fake });
  expect(onlyTask(result)).toMatchObject({ status: 'completed' });
  expect(onlyTask(result)).not.toHaveProperty('warnings');
});
