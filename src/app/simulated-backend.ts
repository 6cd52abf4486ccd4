import type { Host } from '../host/host.ts';
import type { RequestHandler } from '../ollama/ask-handler.ts';
import { createSimulatorHandler } from '../simulator/handler.ts';
import { loadSimulatorFile, readSimulation } from '../simulator/read-settings.ts';
import { createSimulation, type SimulationOptions } from '../simulator/simulation.ts';
import { defaultModels } from '../simulator/default-models.ts';

/** What takes a real server a second takes this one a millisecond: nobody waits for answers that mean nothing. */
const timeScale = 0.001;

/**
 * Starts a virtual server in this process. Every model exists that is named; `OLLAMA_ORCHESTRATE_SIMULATOR` names a file
 * that describes them, and what goes wrong with them.
 */
export async function startSimulated(
  models: readonly string[],
  { env, files, clock }: Pick<Host, 'env' | 'files' | 'clock'>,
): Promise<{ handler: RequestHandler; close: () => Promise<void> }> {
  const file = env['OLLAMA_ORCHESTRATE_SIMULATOR']?.trim();
  const described: SimulationOptions = file ? readSimulation(await loadSimulatorFile(file, { files }), file) : {};
  const sketches = described.models ?? (models.length === 0 ? defaultModels : models.map((name) => ({ name })));
  const options = { ...described, models: sketches, isOpen: true, timeScale: described.timeScale ?? timeScale };
  const simulation = createSimulation(options, { clock });
  const close = (): Promise<void> => {
    simulation.clock.stop();
    return Promise.resolve();
  };
  return { handler: createSimulatorHandler(simulation), close };
}
