// In: a surveyed fleet and how models did in earlier runs. Out: the fleet that knows it. Pure.
import type { MeasuredModel } from '../journal/measured-models.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { modelKey } from '../plan/model-facts.ts';

/** The fleet with what was measured of its models. */
export function withMeasured(fleet: Fleet, measured: readonly MeasuredModel[]): Fleet {
  if (measured.length === 0) return fleet;
  const known = new Map(measured.map(({ host, model, ...rest }) => [modelKey({ host, model }), rest]));
  return {
    hosts: fleet.hosts.map((host) => ({
      ...host,
      models: host.models.map((model) => {
        const found = known.get(modelKey({ host: host.url, model: model.name }));
        return found ? { ...model, measured: found } : model;
      }),
    })),
  };
}
