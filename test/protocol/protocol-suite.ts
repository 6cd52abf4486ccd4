import { describe, expect, it } from 'vitest';
import type { OllamaClient } from '../../src/ollama/client.ts';
import { normalizeModelName } from '../../src/ollama/model-name.ts';
import { surveyFleet } from '../../src/ollama/survey-fleet.ts';
import type { Capability } from '../../src/ollama/wire.ts';
import { toProblem } from '../../src/errors/problem.ts';
import { all, calm } from '../rig/fake-ollama-client.ts';

/** Something that answers as an Ollama server does. */
export interface ProtocolSubject extends AsyncDisposable {
  url: string;
  client: OllamaClient;
  /** Its models, and what they can do; rows that need another are left out, with the reason printed. */
  models: readonly { name: string; capabilities: readonly Capability[] }[];
  /** Rows that this server is known not to have, with the reason. */
  absent?: Partial<Record<'seed' | 'stop' | 'embed' | 'cancel' | 'num_ctx', string>>;
}

/** The laws that every server of the Ollama protocol keeps: the fake one, the built-in one, a real one. */
export function registerOllamaProtocolTests(name: string, start: () => Promise<ProtocolSubject>): void {
  describe(`the Ollama protocol, as ${name} speaks it`, () => {
    surveys(start);
    generating(start);
    chatting(start);
    refusing(start);
    embedding(start);
    stopping(start);
  });
}

type Start = () => Promise<ProtocolSubject>;

const few = { num_predict: 8, temperature: 0, seed: 1 };

function surveys(start: Start): void {
  it('says what it is on /, and its version', async () => {
    await using subject = await start();
    const root = await fetch(`${subject.url}/`);
    expect([root.status, await root.text()]).toEqual([200, 'Ollama is running']);
    expect(await subject.client.version({ signal: calm() })).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('lists its models with a tag, a digest without prefix and a size', async () => {
    await using subject = await start();
    for (const model of await subject.client.list({ signal: calm() })) {
      expect(model.name).toMatch(/:/);
      expect(model.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(model.size).toBeGreaterThan(0);
    }
  });

  it('shows what a model can do and how long its context is', async () => {
    await using subject = await start();
    const [model] = subject.models;
    const { hosts } = await surveyFleet({ clients: [subject.client], wanted: [model!.name], signal: calm() });
    const found = hosts[0]?.models.find(({ name }) => name === normalizeModelName(model!.name));
    expect(found?.capabilities).toEqual(expect.arrayContaining([...model!.capabilities]));
    expect(found?.context_length).toBeGreaterThan(0);
  });

  it('answers plain text for a path it does not have, and for a method', async () => {
    await using subject = await start();
    const path = await fetch(`${subject.url}/api/nope`);
    const method = await fetch(`${subject.url}/api/generate`);
    expect([path.status, await path.text()]).toEqual([404, '404 page not found']);
    expect([method.status, await method.text()]).toEqual([405, '405 method not allowed']);
  });

  it('has a model in its list of loaded ones after a prompt', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip);
    await all(subject.client.generate({ model, prompt: 'Hi', options: few }, { signal: calm() }));
    const loaded = await subject.client.loaded({ signal: calm() });
    expect(loaded.map(({ name }) => normalizeModelName(name))).toContain(normalizeModelName(model));
  });
}

function generating(start: Start): void {
  it('streams an answer line by line, with metrics on the last one', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip);
    const chunks = await all(
      subject.client.generate({ model, prompt: 'Count to three.', options: few }, { signal: calm() }),
    );
    expect(chunks.slice(0, -1).every(({ done }) => !done)).toBe(true);
    const last = chunks.at(-1);
    expect(last).toMatchObject({
      model,
      done: true,
      done_reason: expect.stringMatching(/^(?:stop|length)$/) as string,
    });
    for (const metric of ['total_duration', 'prompt_eval_count', 'eval_count', 'eval_duration'] as const)
      expect(last?.[metric]).toBeGreaterThan(0);
  });

  it('stops after num_predict tokens and says that it was the length', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip);
    const request = { model, prompt: 'Tell a long story.', options: { ...few, num_predict: 3 } };
    const last = (await all(subject.client.generate(request, { signal: calm() }))).at(-1);
    expect([last?.eval_count, last?.done_reason]).toEqual([3, 'length']);
  });

  it('says the same for the same seed', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip, 'seed');
    const options = { num_predict: 8, temperature: 1, seed: 7 };
    const texts = [];
    for (let count = 0; count < 2; count += 1)
      texts.push(textOf(await all(subject.client.generate({ model, prompt: 'A word:', options }, { signal: calm() }))));
    expect(texts[0]).not.toBe('');
    expect(texts[1]).toBe(texts[0]);
  });

  it('ends before a stop string', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip, 'stop');
    const request = { model, prompt: 'Tell me of the sea and of the sky.', options: { ...few, num_predict: 24 } };
    const whole = textOf(await all(subject.client.generate(request, { signal: calm() })));
    const stop = whole
      .slice(Math.floor(whole.length / 2))
      .trim()
      .slice(0, 3);
    const stopped = { ...request, options: { ...request.options, stop: [stop] } };
    const chunks = await all(subject.client.generate(stopped, { signal: calm() }));
    expect([textOf(chunks), chunks.at(-1)?.done_reason]).toEqual([whole.slice(0, whole.indexOf(stop)), 'stop']);
  });

  it('answers in one object when it is not to stream', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip);
    const body = JSON.stringify({ model, prompt: 'Hi', stream: false, options: few });
    const response = await fetch(`${subject.url}/api/generate`, { method: 'POST', body });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toMatchObject({ model, done: true, response: expect.any(String) as string });
  });

  it('loads and unloads for an empty prompt', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip);
    const reasons = [];
    for (const keep_alive of ['5m', 0]) {
      const chunks = await all(subject.client.generate({ model, prompt: '', keep_alive }, { signal: calm() }));
      reasons.push(chunks.at(-1)?.done_reason);
    }
    expect(reasons).toEqual(['load', 'unload']);
  });

  it('refuses a prompt over the context when told not to cut it', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip, 'num_ctx');
    const request = { model, prompt: 'word '.repeat(2000), truncate: false, options: { ...few, num_ctx: 256 } };
    const answer = all(subject.client.generate(request, { signal: calm() }));
    expect(await codeOf(answer)).toBe('prompt-too-long');
  });
}

function chatting(start: Start): void {
  it('chats in lines of messages by the assistant', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip);
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Name a colour.' },
    ];
    const chunks = await all(subject.client.chat({ model, messages, options: few }, { signal: calm() }));
    expect(new Set(chunks.map(({ message }) => message.role))).toEqual(new Set(['assistant']));
    expect(chunks.map(({ message }) => message.content + (message.thinking ?? '')).join('')).not.toBe('');
    expect(chunks.at(-1)?.done).toBe(true);
  });
}

function refusing(start: Start): void {
  it.each(['generate', 'chat', 'embed', 'show'] as const)('knows no model that is not there: %s', async (path) => {
    await using subject = await start();
    const [model, signal] = ['no-such-model-here', calm()];
    const asked = {
      generate: () => all(subject.client.generate({ model, prompt: 'x' }, { signal })),
      chat: () => all(subject.client.chat({ model, messages: [{ role: 'user', content: 'x' }] }, { signal })),
      embed: () => subject.client.embed({ model, input: 'x' }, { signal }),
      show: () => subject.client.show(model, { signal }),
    };
    expect(await codeOf(asked[path]())).toBe('model-missing');
  });

  it.each([
    ['', 400, 'missing request body'],
    ['{"model":', 400, 'unexpected EOF'],
    ['{"prompt":"x"}', 404, "model '' not found"],
  ])('answers %j with %i', async (body, status, error) => {
    await using subject = await start();
    const response = await fetch(`${subject.url}/api/generate`, { method: 'POST', body });
    expect([response.status, await response.json()]).toEqual([status, { error }]);
  });

  it.each([
    [{ keep_alive: '300' }, 400],
    [{ options: { num_ctx: 'big' } }, 500],
    [{ think: 'loads' }, 400],
  ])('refuses %j with %i', async (more, status) => {
    await using subject = await start();
    const body = JSON.stringify({ model: subject.models[0]!.name, prompt: 'x', ...more });
    const response = await fetch(`${subject.url}/api/generate`, { method: 'POST', body });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) as string });
  });
}

function embedding(start: Start): void {
  it('embeds texts in their order, as vectors of length one', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'embedding', skip, 'embed');
    const signal = calm();
    const { embeddings } = await subject.client.embed({ model, input: ['one', 'two', 'three'] }, { signal });
    const { embeddings: second } = await subject.client.embed({ model, input: 'two' }, { signal });
    expect(embeddings).toHaveLength(3);
    for (const vector of embeddings) expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
    const likeness = embeddings[1]!.reduce((sum, value, at) => sum + value * second[0]![at]!, 0);
    expect(likeness).toBeCloseTo(1, 2);
  });

  it('has no vector for nothing', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'embedding', skip, 'embed');
    expect((await subject.client.embed({ model, input: [] }, { signal: calm() })).embeddings).toEqual([]);
  });

  it('embeds with a chat model, or says that it cannot', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip);
    const answer = subject.client.embed({ model, input: 'x' }, { signal: calm() });
    const code = await answer.then(({ embeddings }) => embeddings.length, codeOfError);
    expect([1, 'model-incapable', 'server-error']).toContain(code);
  });
}

function stopping(start: Start): void {
  it('goes on with the next request when a client leaves in mid-answer', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip, 'cancel');
    const long = { model, prompt: 'Tell a long story.', options: { ...few, num_predict: 2000 } };
    for await (const chunk of subject.client.generate(long, { signal: calm() })) {
      expect(chunk.done).toBe(false);
      break;
    }
    const chunks = await all(subject.client.generate({ model, prompt: 'Hi', options: few }, { signal: calm() }));
    expect(chunks.at(-1)?.done).toBe(true);
  });

  it('rejects with the reason of an abort before the first byte', async ({ skip }) => {
    await using subject = await start();
    const model = modelFor(subject, 'completion', skip, 'cancel');
    const abort = new AbortController();
    const answer = all(subject.client.generate({ model, prompt: 'Hi', options: few }, { signal: abort.signal }));
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(answer).rejects.toBe(reason);
  });
}

/** A model of the subject with this capability; without one, or when the subject lacks what the row is about, the row is skipped. */
function modelFor(
  { models, absent }: ProtocolSubject,
  capability: Capability,
  skip: (note?: string) => never,
  feature?: keyof NonNullable<ProtocolSubject['absent']>,
): string {
  const reason = feature && absent?.[feature];
  if (reason !== undefined) skip(reason);
  const model = models.find(({ capabilities }) => capabilities.includes(capability));
  return model?.name ?? skip(`no model there has the capability ${capability}`);
}

function textOf(chunks: readonly { response: string }[]): string {
  return chunks.map(({ response }) => response).join('');
}

const codeOf = (answer: Promise<unknown>) => answer.then(() => 'no problem', codeOfError);

const codeOfError = (error: unknown) => toProblem(error).code;
