import { expect, test } from 'vitest';
import { startFakeOllama } from '../../rig/fake-ollama.ts';
import { api, serverRig } from '../server-rig.ts';

interface Models {
  models: { name: string; capabilities?: string[]; hosts: string[]; loaded_on: string[] }[];
  problems?: { code: string }[];
}

test('models are listed with what they can do and where they are', async () => {
  await using first = await startFakeOllama({ models: ['llama3.2'] });
  await using second = await startFakeOllama({ models: [{ name: 'all-minilm', capabilities: ['embedding'] }] });
  const { send } = serverRig({ fake: [first, second] });
  const { models } = (await (await send('GET', `${api}/models`)).json()) as Models;
  expect(models.map(({ name, capabilities, hosts }) => ({ name, capabilities, hosts }))).toEqual([
    { name: 'llama3.2:latest', capabilities: ['completion'], hosts: [first.url] },
    { name: 'all-minilm:latest', capabilities: ['embedding'], hosts: [second.url] },
  ]);
});

test('a model in memory is said to be', async () => {
  await using fake = await startFakeOllama();
  const { send } = serverRig({ fake });
  await (await send('POST', '/api/generate', { model: 'llama3.2', prompt: 'x' })).text();
  const { models } = (await (await send('GET', `${api}/models`)).json()) as Models;
  expect(models[0]?.loaded_on).toEqual([fake.url]);
});

test('a server that cannot be asked hides no other', async () => {
  await using fake = await startFakeOllama();
  const { send } = serverRig({ fake: [{ url: 'http://127.0.0.1:1' }, fake] });
  const { models, problems } = (await (await send('GET', `${api}/models`)).json()) as Models;
  expect(models).toHaveLength(1);
  expect(problems?.map(({ code }) => code)).toEqual(['host-unreachable']);
});
