import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { normalizeModelName } from '../../src/ollama/model-name.ts';
import { startFakeOllamaProcess } from '../rig/fake-ollama-process.ts';
import type { RequestLog } from '../rig/fake-ollama-http.ts';
import { bin, createRig, type Ended } from '../rig/rig.ts';

const script = fileURLToPath(new URL('documented-examples.sh', import.meta.url));

interface Played extends Ended {
  /** The requests with a prompt, in the order they came. */
  prompts: RequestLog[];
}

/** Runs the script once for all tests. */
let played: Promise<Played> | undefined;

async function play(): Promise<Played> {
  await using rig = await createRig();
  await using fake = await startFakeOllamaProcess('--models', 'llama3.2,codellama,llama2', '--room', '1');
  const commands = join(rig.root, 'bin');
  mkdirSync(commands);
  symlinkSync(bin, join(commands, 'ollama-orchestrate'));
  const env = { OLLAMA_HOST: fake.url, PATH: `${commands}:${process.env['PATH'] ?? ''}` };
  const ended = await rig.run([script], { command: ['sh'], env }).exit;
  const requests = await fake.requests();
  return { ...ended, prompts: requests.filter(({ path }) => path === '/api/generate' || path === '/api/chat') };
}

const playOnce = (): Promise<Played> => (played ??= play());

function textOf({ body }: RequestLog): string {
  return body.prompt ?? body.messages?.at(-1)?.content ?? '';
}

async function promptOf(start: string): Promise<RequestLog> {
  const { prompts } = await playOnce();
  const found = prompts.filter((request) => textOf(request).startsWith(start));
  expect(found).toHaveLength(1);
  return found[0]!;
}

test('every command of the script succeeds', async () => {
  expect(await playOnce()).toMatchObject({ code: 0 });
});

test('each task costs one request with a prompt', async () => {
  const { prompts } = await playOnce();
  expect(prompts).toHaveLength(3 + 2 + 3 + 3);
});

test.each([
  'Review this Python code for bugs: def add(a,b): return a+b',
  'Review this JavaScript code for bugs: function add(a,b){ return a-b; }',
  'Review this Go code for bugs: func add(a, b int) int { return a * b }',
  'Write a Python function to reverse a string',
  'Explain how it works, in one paragraph',
  'Create a plan for a REST API for a to-do list',
  'Analyze this function: def add(a,b): return a+b',
])('the server is sent, byte for byte, %j', async (typed) => {
  expect(textOf(await promptOf(typed))).toBe(typed);
});

test('tasks in sequence come one after the other has been answered', async () => {
  const first = await promptOf('Write a Python function');
  const second = await promptOf('Explain how it works');
  expect(second.opened).toBeGreaterThan(first.opened);
  expect((await playOnce()).prompts.indexOf(second)).toBe((await playOnce()).prompts.indexOf(first) + 1);
});

test.each(['Write the Python code for this plan: ', 'Write documentation based on this analysis: '])(
  'the placeholder in %j is filled in',
  async (start) => {
    const prompt = textOf(await promptOf(start));
    expect(prompt.length).toBeGreaterThan(start.length + 10);
    expect(prompt).not.toContain('{{');
  },
);

test.each([
  ['style', 'Review the style of this code: ', 'code.txt'],
  ['examples', 'Write usage examples for this documentation: ', 'document.txt'],
])('the prompt of %s holds the output of the step before it verbatim', async (_step, start, file) => {
  const { stdout } = await playOnce();
  const output = new RegExp(`^--- ${file}\\n([^]*?)\\n--- end$`, 'm').exec(stdout)?.[1];
  expect(output?.length).toBeGreaterThan(10);
  expect(textOf(await promptOf(start))).toBe(`${start}${output ?? ''}`);
});

test.each([
  ['Write the Python code for this plan', 'codellama:latest'],
  ['Review this Python code', 'codellama:latest'],
  ['Explain how it works', 'llama3.2:latest'],
])('%j goes to %s', async (start, model) => {
  expect(normalizeModelName((await promptOf(start)).body.model ?? '')).toBe(model);
});

test('the answers are printed, a block for each task', async () => {
  const { stdout } = await playOnce();
  expect(stdout.match(/^=== task\d \(.+\)$/gm)).toHaveLength(5);
});
