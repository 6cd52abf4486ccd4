import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { startFakeOllama, type FakeModel, type FakeOllama, type FakeOllamaOptions } from './fake-ollama.ts';
import type { Recording } from './recordings.ts';

/** Exchanges of a real server that the fake one has no use for. */
export const notReproduced: Record<string, string> = {
  copy: 'nothing of ours copies a model',
  'generate.logprobs': 'nothing of ours asks for logprobs',
  'pull.unreachable-registry': 'the fake server has its registry inside',
};

/** What had to be so on the server for the exchange to go as recorded. */
const circumstances: Record<string, { options?: FakeOllamaOptions; prepare?: (fake: FakeOllama) => unknown }> = {
  delete: { prepare: (fake) => fake.install('tmpcopy') },
  'generate.queue-full': { options: { queue: 0 } },
  'generate.repeat-stop-without-done': {
    prepare: (fake) =>
      fake.reply('/api/generate', async (call) => {
        await call.send(' a');
        await call.endWithoutDone();
      }),
  },
  'generate.repeat-stop-nonstream': {
    prepare: (fake) =>
      fake.reply('/api/generate', async (call) => {
        await call.send('a a');
        await call.endWithoutDone();
      }),
  },
  'generate.runner-killed-midstream': {
    prepare: (fake) =>
      fake.reply('/api/generate', async (call) => {
        await call.send('In');
        await call.errorLine('an error was encountered while running the model: unexpected EOF');
      }),
  },
  'ps.empty': { prepare: loadOne },
  'ps.loaded': { prepare: loadOne },
};

const models: FakeModel[] = [
  ...['llama3.2', 'codellama', 'qwen3'].map((name) => ({ name })),
  { name: 'tooler', capabilities: ['completion', 'tools'] },
  { name: 'thinker', capabilities: ['completion', 'thinking'] },
  { name: 'all-minilm', capabilities: ['embedding'], context_length: 256 },
];

/** Where the fake server's answer differs from the real one's: in status, type, error text or names of fields. */
export async function disagreements(recording: Recording): Promise<string[]> {
  const { options, prepare } = circumstances[recording.name] ?? {};
  await using fake = await startFakeOllama({ models, ...options });
  await prepare?.(fake);
  return await differences(fake.url, recording);
}

/** Where the answer at an address differs from the recorded one. */
export async function differences(url: string, recording: Recording): Promise<string[]> {
  const { status, headers, chunks } = recording.response;
  const real = outline(status, headers['content-type'], chunks.map(({ text }) => text).join(''));
  const own = await exchange(url, recording.request);
  return Object.keys(real).flatMap((key) => {
    const [wanted, got] = [real, own].map((answer) => JSON.stringify(answer[key as keyof Outline]));
    return wanted === got ? [] : [`${key}: ${got} instead of ${wanted}`];
  });
}

interface Outline {
  status: number;
  type: string | undefined;
  /** Error texts, and bodies that are no JSON. */
  error: string | undefined;
  firstFields: string[];
  lastFields: string[];
  done: unknown;
}

function outline(status: number, type: string | undefined, text: string): Outline {
  const lines = text.trimEnd().split('\n');
  if (!type?.includes('json')) return { status, type, error: text, firstFields: [], lastFields: [], done: undefined };
  const [first, last] = [lines[0], lines.at(-1)].map((line) => JSON.parse(line ?? '') as Record<string, unknown>);
  return {
    ...{ status, type, error: last?.['error'] as string | undefined },
    ...{ firstFields: fieldsOf(first), lastFields: fieldsOf(last), done: last?.['done'] },
  };
}

/** Names in their order, of what is inside too, except where they are data. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || path.endsWith('model_info.') || path.endsWith('arguments.'))
    return [];
  if (Array.isArray(value)) return fieldsOf(value[0], path);
  return Object.entries(value).flatMap(([name, inner]) => [path + name, ...fieldsOf(inner, `${path}${name}.`)]);
}

export async function exchange(url: string, { method, path, headers, body }: Recording['request']): Promise<Outline> {
  const sent = typeof body === 'string' || body === undefined ? (body ?? '') : JSON.stringify(body);
  const length = { 'content-length': Buffer.byteLength(sent) };
  const request = httpRequest(url + path, { method, headers: { ...headers, ...length } });
  request.end(sent);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece as string;
  return outline(response.statusCode ?? 0, response.headers['content-type'], text);
}

async function loadOne(fake: FakeOllama): Promise<void> {
  await exchange(fake.url, { method: 'POST', path: '/api/generate', body: { model: 'llama3.2' } });
}
