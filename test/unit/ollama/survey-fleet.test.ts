import { describe, expect, it } from 'vitest';
import { ShownModels } from '../../../src/ollama/shown-models.ts';
import { surveyFleet } from '../../../src/ollama/survey-fleet.ts';
import { all, calm, clientOf } from '../../rig/fake-ollama-client.ts';
import { startFakeOllama } from '../../rig/fake-ollama.ts';

const shows = (ollama: { requests: { path: string; body: object }[] }) =>
  ollama.requests.filter(({ path }) => path === '/api/show').map(({ body }) => body);

describe('surveyFleet', () => {
  it('tells of each model what the server tells, and looks closely at the wanted ones alone', async () => {
    await using ollama = await startFakeOllama({
      models: [
        { name: 'llama3.2', digest: 'abc', size_bytes: 5, context_length: 8192, capabilities: ['completion', 'tools'] },
        'codellama:7b',
      ],
    });
    const { hosts } = await surveyFleet({ clients: [clientOf(ollama.url)], wanted: ['LLAMA3.2'], signal: calm() });
    expect(hosts).toEqual([
      {
        url: ollama.url,
        version: '0.24.0',
        models: [
          {
            ...{ name: 'llama3.2:latest', digest: 'abc', size_bytes: 5, context_length: 8192 },
            capabilities: ['completion', 'tools'],
          },
          { name: 'codellama:7b', digest: expect.any(String) as string, size_bytes: 2_000_000_000 },
        ],
      },
    ]);
    expect(shows(ollama)).toEqual([{ model: 'llama3.2:latest' }]);
  });

  it('sees what is loaded, and with which context', async () => {
    await using ollama = await startFakeOllama({ models: ['a', 'b'] });
    const client = clientOf(ollama.url);
    const request = { model: 'a', prompt: 'x', options: { num_ctx: 2048 } };
    await all(client.generate(request, { signal: calm() }));
    const { hosts } = await surveyFleet({ clients: [client], wanted: [], signal: calm() });
    expect(hosts[0]?.models.map(({ name, loaded }) => [name, loaded])).toEqual([
      ['a:latest', { context_length: 2048 }],
      ['b:latest', undefined],
    ]);
  });

  it('takes capabilities from the list of a new server', async () => {
    await using ollama = await startFakeOllama({
      version: '0.30.0',
      models: [{ name: 'e', capabilities: ['embedding'], context_length: 512 }],
    });
    const { hosts } = await surveyFleet({ clients: [clientOf(ollama.url)], wanted: [], signal: calm() });
    expect(hosts[0]?.models[0]).toMatchObject({ capabilities: ['embedding'], context_length: 512 });
  });

  it('does not wait for more than the list of a new server tells', async () => {
    await using ollama = await startFakeOllama({
      version: '0.30.0',
      models: [{ name: 'e', capabilities: ['embedding'], context_length: 512 }],
    });
    ollama.reply('/api/show', () => new Promise<void>(() => undefined));
    const { hosts } = await surveyFleet({ clients: [clientOf(ollama.url)], wanted: ['e'], signal: calm() });
    expect(hosts[0]?.models[0]).toMatchObject({ capabilities: ['embedding'], context_length: 512 });
  });

  it('is not troubled by wanted models that a server does not have', async () => {
    await using ollama = await startFakeOllama({ models: ['a'] });
    const { hosts } = await surveyFleet({ clients: [clientOf(ollama.url)], wanted: ['a', 'b'], signal: calm() });
    expect(hosts[0]?.models.map(({ name }) => name)).toEqual(['a:latest']);
  });

  it('asks once about a model, until its weights are others', async () => {
    await using ollama = await startFakeOllama({ models: [{ name: 'a', capabilities: ['tools'], digest: 'one' }] });
    const known = new ShownModels();
    const look = async () => {
      const { hosts } = await surveyFleet({ clients: [clientOf(ollama.url)], wanted: ['a'], signal: calm(), known });
      return hosts[0]?.models[0]?.capabilities;
    };
    expect([await look(), await look()]).toEqual([['tools'], ['tools']]);
    expect(shows(ollama)).toHaveLength(1);
    ollama.install({ name: 'a', capabilities: ['tools'], digest: 'two' });
    expect([await look(), await look()]).toEqual([['tools'], ['tools']]);
    expect(shows(ollama)).toHaveLength(2);
  });

  it('leaves unknown what an old server does not tell', async () => {
    await using ollama = await startFakeOllama({ version: '0.1.20' });
    for (const path of ['/api/version', '/api/ps', '/api/show'])
      ollama.reply(path, (call) => call.fail(404, '404 page not found', 'text/plain'));
    const { hosts } = await surveyFleet({ clients: [clientOf(ollama.url)], wanted: ['llama3.2'], signal: calm() });
    expect(hosts).toEqual([
      {
        url: ollama.url,
        models: [{ name: 'llama3.2:latest', digest: expect.any(String) as string, size_bytes: 2_000_000_000 }],
      },
    ]);
  });

  it('lists cloud models as models', async () => {
    const remote = { model: 'gpt-oss:120b', host: 'https://ollama.com:443' };
    await using ollama = await startFakeOllama({ models: [{ name: 'gpt-oss:120b-cloud', remote }] });
    const { hosts } = await surveyFleet({ clients: [clientOf(ollama.url)], wanted: [], signal: calm() });
    expect(hosts[0]?.models.map(({ name }) => name)).toEqual(['gpt-oss:120b-cloud']);
  });

  it('says why a host cannot be used, and loses no other', async () => {
    await using ollama = await startFakeOllama();
    const clients = [clientOf('http://127.0.0.1:1'), clientOf(ollama.url)];
    const { hosts } = await surveyFleet({ clients, wanted: [], signal: calm() });
    expect(hosts[0]).toMatchObject({ problem: { code: 'host-unreachable' }, models: [] });
    expect(hosts[1]?.problem).toBeUndefined();
    expect(hosts[1]?.models).toHaveLength(1);
  });

  it('rejects with the reason of an abort', async () => {
    await using ollama = await startFakeOllama();
    ollama.hold('/api/tags');
    const abort = new AbortController();
    const survey = surveyFleet({ clients: [clientOf(ollama.url)], wanted: [], signal: abort.signal });
    await ollama.nextCall('/api/tags');
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(survey).rejects.toBe(reason);
  });

  it('keeps the slots of a host', async () => {
    await using ollama = await startFakeOllama();
    const clients = [{ ...clientOf(ollama.url), slots: 4 }];
    expect((await surveyFleet({ clients, wanted: [], signal: calm() })).hosts[0]?.slots).toBe(4);
  });
});
