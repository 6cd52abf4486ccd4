import { describe, expect, it } from 'vitest';
import { createSimulatorHandler } from '../../../src/simulator/handler.ts';
import { createSimulation, type SimulationOptions } from '../../../src/simulator/simulation.ts';
import { createVirtualClock } from '../../../src/simulator/virtual-clock.ts';

interface Line extends Record<string, unknown> {
  response?: string;
  message?: { content: string; thinking?: string; tool_calls?: { function: { arguments: unknown } }[] };
}

const models: SimulationOptions['models'] = [
  {
    name: 'a',
    capabilities: ['completion'],
    sizeBytes: 1e9,
    loadMs: 1000,
    tokensPerSecond: 10,
    promptTokensPerSecond: 100,
  },
  { name: 'tooler', capabilities: ['completion', 'tools'] },
  { name: 'thinker', capabilities: ['completion', 'thinking'] },
  { name: 'seer', capabilities: ['completion', 'vision'] },
  { name: 'embedder', capabilities: ['embedding'] },
];

/** A server whose clock goes on while an answer is waited for. */
function start(options: SimulationOptions = {}) {
  const clock = createVirtualClock();
  const settings = { prepareMs: 0, prepareSpread: 0, ...options.settings };
  const simulation = createSimulation({ models, version: '0.24.0', ...options, settings }, { clock });
  const handler = createSimulatorHandler(simulation);

  async function wait<T>(answer: Promise<T>): Promise<T> {
    const waiting = new Set([answer]);
    const settle = () => waiting.delete(answer);
    answer.then(settle, settle);
    while (waiting.size > 0) {
      await new Promise(setImmediate);
      clock.run(50);
    }
    return answer;
  }

  const ask = (path: string, body?: unknown, init: RequestInit = {}): Promise<Response> => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return wait(handler(new Request(`http://simulated${path}`, { ...sent, ...init })));
  };
  const linesOf = async (path: string, body: object): Promise<Line[]> => {
    const text = await wait((await ask(path, body)).text());
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  };
  return { clock, ask, linesOf, simulation };
}

const chat = (content: string) => [{ role: 'user', content }];

describe('an answer', () => {
  it('says that it is simulated, in tokens as many as it counts', async () => {
    const { linesOf } = start();
    const lines = await linesOf('/api/generate', { model: 'a', prompt: 'Why?' });
    const text = lines.map(({ response }) => response).join('');
    expect(text).toMatch(/^Simulated answer of a: /);
    expect(lines.at(-1)).toMatchObject({ done: true, done_reason: 'stop', eval_count: lines.length - 1 });
  });

  it('depends on model, prompt, seed and options alone', async () => {
    const { linesOf } = start();
    const say = async (more: object) => {
      const [line] = await linesOf('/api/generate', { model: 'a', prompt: 'Why?', stream: false, ...more });
      return line?.response;
    };
    expect(await say({})).toBe(await say({}));
    expect(await say({ options: { seed: 1 } })).not.toBe(await say({ options: { seed: 2 } }));
    expect(await say({ prompt: 'How?' })).not.toBe(await say({ prompt: 'Why?' }));
  });

  it('takes the time that its tokens take, and says where it went', async () => {
    const { linesOf } = start();
    const [line] = await linesOf('/api/generate', {
      model: 'a',
      prompt: 'Why?',
      stream: false,
      options: { num_predict: 10 },
    });
    expect(line).toMatchObject({
      ...{ load_duration: 1e9, prompt_eval_count: 2, prompt_eval_duration: 2e7, eval_count: 10, eval_duration: 1e9 },
      ...{ total_duration: 2.02e9, done_reason: 'length', created_at: '1970-01-01T00:00:02.020Z' },
    });
  });

  it('ends before a stop string', async () => {
    const { linesOf } = start();
    const [line] = await linesOf('/api/generate', {
      model: 'a',
      prompt: 'x',
      stream: false,
      options: { stop: [' of'] },
    });
    expect(line).toMatchObject({ response: 'Simulated answer', done_reason: 'stop', eval_count: 2 });
  });

  it('is a valid document where a schema is given', async () => {
    const { linesOf } = start();
    const format = {
      type: 'object',
      properties: { age: { type: 'integer', minimum: 7, maximum: 7 } },
      required: ['age'],
    };
    const [line] = await linesOf('/api/generate', { model: 'a', prompt: 'x', stream: false, format });
    expect(line?.response).toBe('{"age":7}');
  });

  it('has thoughts before its text, where the model can think and may', async () => {
    const { linesOf } = start();
    const ask = { model: 'thinker', messages: chat('x'), stream: false };
    const [thought] = await linesOf('/api/chat', ask);
    expect([thought?.message?.thinking, thought?.message?.content]).toEqual([
      'This is a simulation, so there is nothing to think.',
      expect.stringMatching(/^Simulated/),
    ]);
    expect((await linesOf('/api/chat', { ...ask, think: false }))[0]?.message).not.toHaveProperty('thinking');
    const [short] = await linesOf('/api/chat', { ...ask, options: { num_predict: 4 } });
    expect(short).toMatchObject({ message: { content: '', thinking: 'This is a simulation' }, done_reason: 'length' });
  });

  it('calls the first tool with arguments of its schema, and speaks once it has the result', async () => {
    const { linesOf } = start();
    const tools = [
      {
        type: 'function',
        function: { name: 'w', parameters: { type: 'object', properties: { city: { enum: ['Oslo'] } } } },
      },
    ];
    const lines = await linesOf('/api/chat', { model: 'tooler', messages: chat('x'), tools });
    expect(lines[0]?.message?.tool_calls?.[0]).toMatchObject({ function: { name: 'w', arguments: { city: 'Oslo' } } });
    const [after] = await linesOf('/api/chat', {
      ...{ model: 'tooler', tools, stream: false },
      messages: [...chat('x'), { role: 'tool', content: 'rain' }],
    });
    expect(after?.message?.content).toMatch(/^Simulated/);
  });

  it('of a model that sees counts 768 tokens for an image; others ignore it in silence', async () => {
    const { linesOf } = start();
    const counts = [];
    for (const model of ['seer', 'a']) {
      const [line] = await linesOf('/api/generate', { model, prompt: 'x', images: ['aGk='], stream: false });
      counts.push(line?.['prompt_eval_count']);
    }
    expect(counts).toEqual([769, 1]);
  });
});

describe('a prompt longer than the context', () => {
  const long = { model: 'a', prompt: 'word '.repeat(1000), stream: false, options: { num_ctx: 256 } };

  it('is cut to exactly the context without a word', async () => {
    const { linesOf } = start();
    expect((await linesOf('/api/generate', long))[0]).toMatchObject({ prompt_eval_count: 256, done_reason: 'stop' });
  });

  it('is cut to half of it by newer servers', async () => {
    const { linesOf } = start({ version: '0.30.0' });
    expect((await linesOf('/api/generate', long))[0]).toMatchObject({ prompt_eval_count: 256 - 126 });
  });

  it('loses its oldest messages in a chat, but never the system message and the last', async () => {
    const { linesOf } = start();
    const messages = [
      { role: 'system', content: 'be brief' },
      ...Array.from({ length: 10 }, (_, at) => ({ role: at % 2 ? 'assistant' : 'user', content: 'word '.repeat(60) })),
      { role: 'user', content: 'the last' },
    ];
    const [line] = await linesOf('/api/chat', { model: 'a', messages, stream: false, options: { num_ctx: 256 } });
    const count = line?.['prompt_eval_count'] as number;
    expect([count > 180, count <= 256]).toEqual([true, true]);
  });

  it.each(['/api/generate', '/api/chat'])('is refused by %s when it is not to be cut', async (path) => {
    const { ask } = start();
    const response = await ask(path, { ...long, messages: chat(long.prompt), truncate: false });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'the input length exceeds the context length' },
    ]);
  });

  it('leaves room for one token when the context must not shift', async () => {
    const { linesOf } = start();
    const [line] = await linesOf('/api/generate', { ...long, shift: false });
    expect(line).toMatchObject({ eval_count: 1, done_reason: 'length' });
  });
});

describe('vectors', () => {
  const embed = async (server: ReturnType<typeof start>, body: object) => {
    const response = await server.ask('/api/embed', { model: 'embedder', ...body });
    return (await response.json()) as { embeddings: number[][]; prompt_eval_count?: number };
  };

  it('are of length one, in the order of the texts, and alike for texts with the same words', async () => {
    const server = start();
    const { embeddings } = await embed(server, { input: ['a red fox', 'red fox running', 'stock prices fell'] });
    const like = (a = 0, b = 0) => embeddings[a]!.reduce((sum, value, at) => sum + value * embeddings[b]![at]!, 0);
    expect(embeddings.map((vector) => [vector.length, Number(Math.hypot(...vector).toFixed(4))])).toEqual(
      Array(3).fill([768, 1]),
    );
    expect(like(0, 1)).toBeGreaterThan(0.4);
    expect(like(0, 2)).toBeLessThan(0.3);
  });

  it('are none for nothing and one for an empty text', async () => {
    const server = start();
    for (const input of ['', []]) expect((await embed(server, { input })).embeddings).toEqual([]);
    const { embeddings, prompt_eval_count } = await embed(server, { input: [''] });
    expect([embeddings.length, prompt_eval_count]).toEqual([1, 2]);
  });

  it('are shortened to the dimensions asked for, and of length one again', async () => {
    const { embeddings } = await embed(start(), { input: 'a red fox and a dog and a cat', dimensions: 100 });
    expect([embeddings[0]?.length, Math.hypot(...embeddings[0]!).toFixed(4)]).toEqual([100, '1.0000']);
  });

  it('are made by chat models before 0.30, and refused from then on, once they are loaded', async () => {
    const [old, recent] = [start(), start({ version: '0.30.0' })];
    expect((await old.ask('/api/embed', { model: 'a', input: 'x' })).status).toBe(200);
    expect((await recent.ask('/api/embed', { model: 'a', input: 'x' })).status).toBe(501);
    expect(recent.simulation.server.scheduler.totalLoads).toBe(1);
  });
});

describe('faults', () => {
  const prompt = { model: 'a', prompt: 'x' };

  it.each([
    ['503', 503, 'server busy, please try again.  maximum pending requests exceeded'],
    ['error-500', 500, expect.stringContaining('model runner has unexpectedly stopped') as string],
    ['crash-load', 500, 'llama runner process has terminated: exit status 2'],
  ] as const)('%s is told as a server does', async (kind, status, error) => {
    const { ask } = start({ faults: [{ kind }] });
    const response = await ask('/api/generate', prompt);
    expect([response.status, await response.json()]).toEqual([status, { error }]);
  });

  it('kill-runner ends a stream with an error, and the next request loads again', async () => {
    const { linesOf, simulation } = start({ faults: [{ kind: 'kill-runner', count: 1 }] });
    const lines = await linesOf('/api/generate', prompt);
    expect(lines.slice(0, 3).map(({ done }) => done)).toEqual([false, false, false]);
    expect(lines[3]).toEqual({ error: 'an error was encountered while running the model: unexpected EOF' });
    expect((await linesOf('/api/generate', prompt)).at(-1)).toMatchObject({ done: true });
    expect(simulation.server.scheduler.totalLoads).toBe(2);
  });

  it('end-early ends a stream in good order, without a last line', async () => {
    const { linesOf } = start({ faults: [{ kind: 'end-early', after: 2 }] });
    expect((await linesOf('/api/generate', prompt)).map(({ done }) => done)).toEqual([false, false]);
  });

  it('drop-stream breaks the connection', async () => {
    const { linesOf } = start({ faults: [{ kind: 'drop-stream' }] });
    await expect(linesOf('/api/generate', prompt)).rejects.toThrow('the connection broke');
  });

  it('slow makes an answer take longer', async () => {
    const { linesOf } = start({ faults: [{ kind: 'slow', factor: 4 }] });
    const [line] = await linesOf('/api/generate', { ...prompt, stream: false, options: { num_predict: 10 } });
    expect(line).toMatchObject({ load_duration: 1e9, eval_duration: 4e9 });
  });

  it('are lines of a 200 on servers before 0.12.6', async () => {
    const { ask } = start({ faults: [{ kind: '503' }], version: '0.12.5' });
    const response = await ask('/api/generate', prompt);
    expect([response.status, await response.json()]).toEqual([
      200,
      { error: expect.stringContaining('server busy') as string },
    ]);
  });
});

describe('models', () => {
  it('are listed with what they can do from 0.30 on, and without before', async () => {
    for (const [version, capabilities] of [
      ['0.24.0', undefined],
      ['0.30.0', ['completion', 'tools']],
    ] as const) {
      const response = await start({ version }).ask('/api/tags');
      const { models } = (await response.json()) as { models: { name: string; capabilities?: string[] }[] };
      expect(models.find(({ name }) => name === 'tooler:latest')?.capabilities).toEqual(capabilities);
    }
  });

  it('can be pulled, copied and deleted', async () => {
    const { ask, linesOf } = start();
    const events = await linesOf('/api/pull', { model: 'mistral:7b' });
    expect(events.map(({ status }) => status)).toEqual([
      'pulling manifest',
      ...(Array(11).fill(expect.stringMatching(/^pulling [0-9a-f]{12}$/)) as string[]),
      ...['verifying sha256 digest', 'writing manifest', 'success'],
    ]);
    expect((await ask('/api/copy', { source: 'mistral:7b', destination: 'mine' })).status).toBe(200);
    expect((await ask('/api/delete', { model: 'mistral:7b' }, { method: 'DELETE' })).status).toBe(200);
    const shown = await Promise.all(['mistral:7b', 'mine'].map((model) => ask('/api/show', { model })));
    expect(shown.map(({ status }) => status)).toEqual([404, 200]);
  });

  it('exist under every name where that was asked for', async () => {
    const { linesOf } = start({ isOpen: true });
    expect((await linesOf('/api/generate', { model: 'anything', prompt: 'x' })).at(-1)).toMatchObject({ done: true });
  });

  it('tell what is loaded, with which context and until when', async () => {
    const { ask, simulation } = start();
    await ask('/api/generate', { model: 'a', prompt: 'x', options: { num_ctx: 2048 }, keep_alive: '1h' });
    const { models } = (await (await ask('/api/ps')).json()) as { models: { expires_at: string }[] };
    expect(models).toMatchObject([{ name: 'a:latest', context_length: 2048 }]);
    expect(Date.parse(models[0]!.expires_at) - simulation.clock.now()).toBeGreaterThan(50 * 60_000);
  });
});

it('tells how often each model was loaded and asked, and who was refused', async () => {
  const { ask } = start({ faults: [{ kind: '503', model: 'tooler' }] });
  for (const model of ['a', 'tooler']) await ask('/api/generate', { model, prompt: 'x' });
  await ask('/api/generate', { model: 'a' });
  expect(await (await ask('/simulator/loads')).json()).toEqual({
    loads: { 'a:latest': 1 },
    total: 1,
    requests: { 'a:latest': 1, 'tooler:latest': 1 },
    refused: { 'tooler:latest': 1 },
  });
});

it('hangs up for a client that has gone: its load is thrown away', async () => {
  const { ask, simulation } = start();
  const abort = new AbortController();
  const answer = ask('/api/generate', { model: 'a', prompt: 'x' }, { signal: abort.signal });
  abort.abort();
  expect((await answer).status).toBe(499);
  expect(simulation.server.scheduler.totalLoads).toBe(0);
});
