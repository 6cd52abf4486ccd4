import { serveFetch } from '../../src/lib/serve-fetch.ts';
import { createSimulatorHandler } from '../../src/simulator/handler.ts';
import { createSimulation, type Simulation, type SimulationOptions } from '../../src/simulator/simulation.ts';
import { realClock } from './fake-ollama-client.ts';

/** A simulated server on a free port of 127.0.0.1. */
export interface SimulatedServer extends AsyncDisposable {
  url: string;
  simulation: Simulation;
  fetch: (request: Request) => Promise<Response>;
}

/** Starts one in which a second takes a millisecond, unless said otherwise. */
export async function startSimulatedServer(options: SimulationOptions = {}): Promise<SimulatedServer> {
  const simulation = createSimulation({ timeScale: 0.001, ...options }, { clock: realClock });
  const handler = createSimulatorHandler(simulation);
  const server = await serveFetch(handler, { address: '127.0.0.1', port: 0 });
  return {
    ...{ url: server.url, simulation, fetch: handler },
    async [Symbol.asyncDispose]() {
      await server.close();
      simulation.clock.stop();
    },
  };
}
