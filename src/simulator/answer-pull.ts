import type { WireRequest } from '../ollama/wire-refuse.ts';
import { joinLines, streamLines } from '../ollama/wire-respond.ts';
import type { PullProgress } from '../ollama/wire.ts';
import type { Simulation } from './simulation.ts';

const bytesPerMs = 100_000;
const reports = 10;

/** Answers a pull: every model can be had, after a while. */
export function answerPull(
  simulation: Simulation,
  { body, signal }: { body: WireRequest; signal: AbortSignal },
): Promise<Response> {
  const lines = pullLines(simulation, body.model ?? (body['name'] as string | undefined) ?? '', signal);
  return body.stream === false ? joinLines(lines, (all) => ({ status: all.at(-1)?.status })) : streamLines(lines);
}

async function* pullLines(
  { clock, models }: Simulation,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<PullProgress, void> {
  yield { status: 'pulling manifest' };
  const found = models.find(name);
  const model = found ?? models.imagine(name);
  const { digest, sizeBytes: total } = models.describe(model);
  const layer = { status: `pulling ${digest.slice(0, 12)}`, digest: `sha256:${digest}`, total };
  for (let report = found ? reports : 0; report <= reports; report++) {
    yield report === 0 ? layer : { ...layer, completed: Math.round((total * report) / reports) };
    if (report < reports) await pause(clock, total / bytesPerMs / reports, signal);
  }
  models.put(model, clock.now());
  for (const status of ['verifying sha256 digest', 'writing manifest', 'success']) yield { status };
}

function pause(clock: Simulation['clock'], ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, resolve);
    signal.addEventListener(
      'abort',
      () => {
        cancel();
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
