import { expect, test } from 'vitest';
import { startFakeOllama } from '../../rig/fake-ollama.ts';
import { api, serverRig } from '../server-rig.ts';

test('the servers are listed as they are now, also those that are down', async () => {
  await using fake = await startFakeOllama({ models: ['llama3.2', 'mistral'] });
  const { send } = serverRig({ fake: [fake, { url: 'http://127.0.0.1:1' }] });
  const { hosts } = (await (await send('GET', `${api}/hosts`)).json()) as { hosts: unknown[] };
  expect(hosts).toEqual([
    { url: fake.url, state: 'up', version: '0.24.0', models: 2, loaded: [] },
    expect.objectContaining({
      url: 'http://127.0.0.1:1',
      state: 'down',
      problem: expect.objectContaining({ code: 'host-unreachable' }) as unknown,
    }),
  ]);
});

test('the server that was named in place of those of the environment is listed', async () => {
  await using fake = await startFakeOllama();
  const { send } = serverRig({ settings: { hosts: [fake.url] } });
  const { hosts } = (await (await send('GET', `${api}/hosts`)).json()) as { hosts: unknown[] };
  expect(hosts).toEqual([expect.objectContaining({ url: fake.url, state: 'up' })]);
});
