import type { Clock } from '../host/host.ts';
import type { OllamaClient } from '../ollama/client.ts';
import { withinTime } from './deadline.ts';

/** How long a server may take to show that it is there. */
const probeMs = 5_000;

/** Rejects unless the server shows that it is there: a question that costs it nothing. */
export async function probe(
  client: Pick<OllamaClient, 'version'>,
  run: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  await withinTime(probeMs, run, (signal) => client.version({ signal }));
}
