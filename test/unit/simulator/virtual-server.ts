import type { Asked, End } from '../../../src/simulator/exchange.ts';
import { guessModel, type ModelSketch } from '../../../src/simulator/guess-model.ts';
import type { LoadFate } from '../../../src/simulator/scheduler.ts';
import { createServerModel } from '../../../src/simulator/server-model.ts';
import { defaultServerSettings, type ServerSettings } from '../../../src/simulator/server-settings.ts';
import { createVirtualClock } from '../../../src/simulator/virtual-clock.ts';

/** What became of a request so far. */
export interface Sent {
  end?: End;
  endedAtMs?: number;
  loadedAtMs?: number;
  tokenTimesMs: number[];
  hangUp: () => void;
}

/** Loads in 1 s, evaluates 100 prompt tokens and makes 10 tokens in a second. */
export function round(name: string, more: Partial<ModelSketch> = {}): ModelSketch {
  const rates = { loadMs: 1000, promptTokensPerSecond: 100, tokensPerSecond: 10 };
  return { name, ...rates, sizeBytes: 1e9, contextBytes: 0, ...more };
}

/** A server with room for one model, whose handlers take no time, on a virtual clock. */
export function createVirtualServer({
  models,
  fateOf,
  ...settings
}: Partial<ServerSettings> & { models: ModelSketch[]; fateOf?: (name: string) => LoadFate }) {
  const clock = createVirtualClock();
  const exact = { prepareMs: 0, prepareSpread: 0, maxLoaded: 1 };
  const server = createServerModel({
    settings: { ...defaultServerSettings, ...exact, ...settings },
    clock,
    random: () => 0,
    fateOf: fateOf && (({ name }) => fateOf(name)),
  });
  const known = new Map(models.map((sketch) => [sketch.name, guessModel(sketch)]));

  /** Half a second of prompt and half a second of answer, unless said otherwise. */
  const send = (model: string, asked: Partial<Asked> = {}, isWatched = false): Sent => {
    const sent: Sent = { tokenTimesMs: [], hangUp: () => undefined };
    const request = { model: known.get(model)!, promptTokens: 50, outputTokens: 5, ...asked };
    sent.hangUp = server.send(request, {
      onLoaded: () => {
        sent.loadedAtMs = clock.now();
        return 'stay';
      },
      ...(isWatched && { onToken: () => sent.tokenTimesMs.push(clock.now()) }),
      onEnd: (end) => {
        sent.end = end;
        sent.endedAtMs = clock.now();
      },
    });
    return sent;
  };

  return {
    ...{ clock, send, scheduler: server.scheduler },
    loads: () => Object.fromEntries(server.scheduler.loads),
    loaded: () => [...server.scheduler.loaded.keys()],
  };
}
