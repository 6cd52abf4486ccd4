import { describe, it } from 'vitest';
import { surveyFleet } from '../../src/ollama/survey-fleet.ts';
import { calm, clientOf } from '../rig/fake-ollama-client.ts';
import { startFakeOllama, type FakeModel } from '../rig/fake-ollama.ts';
import { registerOllamaProtocolTests } from './protocol-suite.ts';

const models: (FakeModel & Required<Pick<FakeModel, 'capabilities'>>)[] = [
  { name: 'llama3.2', capabilities: ['completion'] },
  { name: 'all-minilm', capabilities: ['embedding'] },
];

for (const version of ['0.24.0', '0.32.15']) {
  registerOllamaProtocolTests(`the fake server ${version}`, async () => {
    const fake = await startFakeOllama({ models, version });
    const dispose = () => fake[Symbol.asyncDispose]();
    return { url: fake.url, client: clientOf(fake.url), models, [Symbol.asyncDispose]: dispose };
  });
}

const real = process.env['OLLAMA_ORCHESTRATE_TEST_HOST'];
if (real) {
  registerOllamaProtocolTests(`the server at ${real}`, async () => {
    const client = clientOf(real);
    const names = (await client.list({ signal: calm() })).map(({ name }) => name);
    const { hosts } = await surveyFleet({ clients: [client], wanted: names, signal: calm() });
    const found = hosts[0]?.models ?? [];
    return {
      ...{ url: client.host, client },
      models: found.map(({ name, capabilities = ['completion'] }) => ({ name, capabilities })),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  });
} else {
  const why = 'OLLAMA_ORCHESTRATE_TEST_HOST names no server';
  describe('the Ollama protocol, as a real server speaks it', () => it('is not asked', ({ skip }) => skip(why)));
}
