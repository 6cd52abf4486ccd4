import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { conversation, differences, fieldsOf, mended, rowOf } from './reference-answers.ts';
import { serverRig } from './server-rig.ts';

test('the recorded conversation with the original is answered in kind, but where a defect is mended', async () => {
  await using fake = await startFakeOllama({
    models: ['llama3.2', 'codellama', { name: 'all-minilm', capabilities: ['embedding'] }],
  });
  const { send } = serverRig({ fake });
  const found: Record<string, string[]> = {};
  let [theirId, ourId] = ['', ''];
  for (const { name, request, response: theirs } of conversation) {
    const { method, path, body } = withId(request, theirId, ourId);
    const response = await send(method, path, body);
    const answer = await response.text();
    const ours = { status: response.status, type: response.headers.get('content-type'), body: parse(answer) };
    if (name === 'agents.create') [theirId, ourId] = [idOf(theirs.body), idOf(ours.body)];
    found[name] = differences(theirs, ours).toSorted();
  }
  const expected = conversation.map(({ name, response }) => {
    const fields = [...fieldsOf(response).keys()].filter((field) => rowOf(name, field) !== undefined);
    return [name, fields.toSorted()] as const;
  });
  expect(found).toEqual(Object.fromEntries(expected));
});

test('what is said to be mended is part of the conversation', () => {
  const names = conversation.map(({ name }) => name);
  expect(Object.keys(mended).filter((name) => !names.includes(name))).toEqual([]);
  expect(names).toHaveLength(32);
});

/** Asks for our agent where theirs was asked for. */
function withId<Request extends object>(request: Request, theirs: string, ours: string): Request {
  const text = JSON.stringify(request);
  return JSON.parse(theirs === '' ? text : text.replaceAll(theirs, ours)) as Request;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? undefined : text;
  }
}

function idOf(body: unknown): string {
  return (body as { id: string }).id;
}
