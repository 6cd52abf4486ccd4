import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { listening, serverRig } from './server-rig.ts';

const run = promisify(execFile);
const isInstalled = spawnSync('curl', ['--version']).status === 0;

beforeEach((context) => context.skip(!isInstalled, 'curl is not installed'));

// The examples of Ollama's own documentation, word for word but for the address and the models.

const question = 'Why is the sky blue?';
const messages = [{ role: 'user', content: 'why is the sky blue?' }];
const schema = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] };
const weather = {
  type: 'function',
  function: {
    name: 'get_current_weather',
    description: 'Get the current weather for a location',
    parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
  },
};

const examples: readonly [what: string, path: string, body?: unknown, flags?: readonly string[]][] = [
  ['generate, streaming', '/api/generate', { model: 'llama3.2', prompt: question }],
  ['generate, no streaming', '/api/generate', { model: 'llama3.2', prompt: question, stream: false }],
  ['generate, JSON', '/api/generate', { model: 'llama3.2', prompt: question, format: 'json', stream: false }],
  ['generate, a schema', '/api/generate', { model: 'llama3.2', prompt: question, format: schema, stream: false }],
  [
    'generate, reproducible',
    '/api/generate',
    { model: 'llama3.2', prompt: question, stream: false, options: { seed: 123 } },
  ],
  [
    'generate, with options',
    '/api/generate',
    { model: 'llama3.2', prompt: question, stream: false, options: { num_ctx: 1024, stop: ['\n'] } },
  ],
  ['generate, load a model', '/api/generate', { model: 'llama3.2' }],
  ['generate, unload a model', '/api/generate', { model: 'llama3.2', keep_alive: 0 }],
  ['chat, streaming', '/api/chat', { model: 'llama3.2', messages }],
  ['chat, no streaming', '/api/chat', { model: 'llama3.2', messages, stream: false }],
  ['chat, tools', '/api/chat', { model: 'llama3.2', messages, stream: false, tools: [weather] }],
  ['chat, load a model', '/api/chat', { model: 'llama3.2', messages: [] }],
  ['embed', '/api/embed', { model: 'all-minilm', input: question }],
  ['embed, several', '/api/embed', { model: 'all-minilm', input: [question, 'Why is the grass green?'] }],
  ['embeddings', '/api/embeddings', { model: 'all-minilm', prompt: 'Here is an article about llamas...' }],
  ['list models', '/api/tags'],
  ['list running models', '/api/ps'],
  ['show a model', '/api/show', { model: 'llama3.2' }],
  ['version', '/api/version'],
  ['the root', '/'],
  ['a missing model', '/api/generate', { model: 'nope', prompt: question }],
  ['a missing model, streaming chat', '/api/chat', { model: 'nope', messages }],
  ['a body that is none', '/api/generate', '{"model":'],
  ['an unknown path', '/api/nothing'],
  ['a wrong method', '/api/generate', undefined, ['-X', 'PATCH']],
];

/** What curl prints, with the status; what differs from one time to the next is left out. */
async function curl(url: string, path: string, body?: unknown, flags: readonly string[] = []): Promise<string> {
  const data = body === undefined ? [] : ['-d', typeof body === 'string' ? body : JSON.stringify(body)];
  const { stdout } = await run('curl', [
    '-sS',
    '-w',
    '%{http_code} %{content_type}',
    ...flags,
    `${url}${path}`,
    ...data,
  ]);
  return stdout
    .replaceAll(/"(?:created_at|modified_at|expires_at)":"[^"]*"/g, '"time"')
    .replaceAll(/"\w*_duration":\d+/g, '"duration"');
}

const models = ['llama3.2', { name: 'all-minilm', capabilities: ['embedding'] as const }].map((model) =>
  typeof model === 'string' ? model : { ...model, capabilities: [...model.capabilities] },
);

test.each(examples)('curl gets from us what it gets from Ollama: %s', async (...[, path, body, flags]) => {
  await using direct = await startFakeOllama({ models });
  await using behind = await startFakeOllama({ models });
  const [expected, got] = [
    await curl(direct.url, path, body, flags),
    await curl(await listening(serverRig({ fake: behind })), path, body, flags),
  ];
  expect(got).toBe(expected);
  expect(behind.requests.map(({ method, path, text }) => ({ method, path, text }))).toEqual(
    direct.requests.map(({ method, path, text }) => ({ method, path, text })),
  );
});

test('curl that is ended ends the answer at the Ollama server', async () => {
  await using fake = await startFakeOllama();
  const url = await listening(serverRig({ fake }));
  const ended = run('curl', [
    '-sN',
    `${url}/api/generate`,
    '-d',
    JSON.stringify({ model: 'llama3.2', prompt: question }),
  ]);
  ended.catch(() => undefined);
  const call = await fake.nextCall();
  await call.send('one ');
  ended.child.kill();
  await fake.until(({ open }) => open === 0);
  expect(fake.prompts[0]?.outcome).toBe('client-closed');
});
