import { clientOf } from '../rig/fake-ollama-client.ts';
import { startSimulatedServer } from '../rig/simulated-server.ts';
import { registerOllamaProtocolTests } from './protocol-suite.ts';

const models = [
  { name: 'llama3.2', capabilities: ['completion'] as const },
  { name: 'all-minilm', capabilities: ['embedding'] as const },
];

for (const version of ['0.24.0', '0.30.0']) {
  registerOllamaProtocolTests(`the simulator ${version}`, async () => {
    // An idle model would be gone in a third of a second.
    const server = await startSimulatedServer({ models, version, settings: { keepAliveMs: Infinity } });
    const dispose = () => server[Symbol.asyncDispose]();
    return { url: server.url, client: clientOf(server.url), models, [Symbol.asyncDispose]: dispose };
  });
}
