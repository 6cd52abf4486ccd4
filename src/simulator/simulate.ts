// In: what is to be simulated, and where. Out: nothing, once it has stopped. Effects: the socket, a line on stderr.
import { cannotListen } from '../errors/cannot-listen.ts';
import type { Host } from '../host/host.ts';
import { isLoopback } from '../lib/is-loopback.ts';
import { serveFetch, type FetchHandler } from '../lib/serve-fetch.ts';
import { untilAborted } from '../lib/until-aborted.ts';
import { plainReplies } from '../ollama/wire-encode.ts';
import { isForeign } from '../ollama/wire-foreign.ts';
import { toResponse } from '../ollama/wire-respond.ts';
import { defaultModels } from './default-models.ts';
import { createSimulatorHandler } from './handler.ts';
import { createSimulation, type SimulationOptions } from './simulation.ts';

export interface SimulateOptions {
  port: number;
  address: string;
  simulation: SimulationOptions;
}

/** Answers as a server that is made up, until the program is told to end. */
export async function simulate({ port, address, simulation }: SimulateOptions, host: Host): Promise<void> {
  const models = simulation.models ?? defaultModels;
  const simulated = createSimulation({ ...simulation, models }, host);
  const handler = createSimulatorHandler(simulated);
  const isOpen = !isLoopback(address);
  const server = await serveFetch(isOpen ? handler : refuseForeign(handler), { address, port }).catch(
    (error: unknown) => {
      throw cannotListen(address, port, error);
    },
  );
  host.io.stderr.write(`simulated: no model is behind these answers\nlistening on ${server.url}\n`);
  await untilAborted(host.signal);
  await server.close();
  simulated.clock.stop();
}

function refuseForeign(handler: FetchHandler): FetchHandler {
  return async (request) => {
    const [host, origin] = ['host', 'origin'].map((name) => request.headers.get(name) ?? undefined);
    return isForeign({ host, origin }) ? toResponse(plainReplies.foreign) : handler(request);
  };
}
