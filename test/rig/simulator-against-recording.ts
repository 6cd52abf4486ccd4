import type { SimulationOptions } from '../../src/simulator/simulation.ts';
import { differences, exchange } from './fake-against-recording.ts';
import type { Recording } from './recordings.ts';
import { startSimulatedServer } from './simulated-server.ts';

/** Exchanges of a real server that the simulated one does not reproduce. */
export const notSimulated: Record<string, string> = {
  'generate.logprobs': 'a virtual model has no probabilities',
  'pull.unreachable-registry': 'the simulator can have every model',
  'host-check.foreign': 'is looked at where the simulator listens',
  'origin-check.foreign': 'is looked at where the simulator listens',
};

/** What had to be so on the server for the exchange to go as recorded. */
const circumstances: Record<string, { options?: SimulationOptions; before?: Recording['request'] }> = {
  delete: { before: { method: 'POST', path: '/api/copy', body: { source: 'llama3.2', destination: 'tmpcopy' } } },
  'generate.queue-full': { options: { faults: [{ kind: '503' }] } },
  'generate.repeat-stop-without-done': { options: { faults: [{ kind: 'end-early' }] } },
  'generate.repeat-stop-nonstream': { options: { faults: [{ kind: 'end-early' }] } },
  'generate.runner-killed-midstream': { options: { faults: [{ kind: 'kill-runner' }] } },
  'ps.empty': { before: { method: 'POST', path: '/api/generate', body: { model: 'llama3.2' } } },
  'ps.loaded': { before: { method: 'POST', path: '/api/generate', body: { model: 'llama3.2' } } },
};

const models: SimulationOptions['models'] = [
  ...['llama3.2', 'codellama', 'qwen3'].map((name) => ({ name, capabilities: ['completion' as const] })),
  { name: 'tooler', capabilities: ['completion', 'tools'] },
  { name: 'thinker', capabilities: ['completion', 'thinking'] },
  { name: 'all-minilm', capabilities: ['embedding'], contextLength: 256 },
];

/** Where the simulated server's answer differs from the real one's: in status, type, error text or names of fields. */
export async function disagreementsOfSimulator(recording: Recording): Promise<string[]> {
  const { options, before } = circumstances[recording.name] ?? {};
  // An idle model would be gone in a third of a second.
  const settings = { keepAliveMs: Infinity };
  await using server = await startSimulatedServer({ models, version: '0.24.0', settings, ...options });
  if (before) await exchange(server.url, before);
  return await differences(server.url, recording);
}
