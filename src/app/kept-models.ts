import type { Candidate } from '../events/plan-snapshot.ts';
import type { KeptModel } from '../journal/kept-run.ts';
import type { Fleet, FleetHost } from '../ollama/fleet.ts';
import { normalizeModelName } from '../ollama/model-name.ts';

/** The models that some tasks may go to, as a survey found them. */
export function toKeptModels(tasks: readonly { candidates: readonly Candidate[] }[], { hosts }: Fleet): KeptModel[] {
  const keyOf = (host: string, model: string): string => `${host} ${normalizeModelName(model)}`;
  const wanted = new Set(tasks.flatMap(({ candidates }) => candidates.map(({ host, model }) => keyOf(host, model))));
  return hosts.flatMap(({ url: host, models }) =>
    models
      .filter(({ name }) => wanted.has(keyOf(host, name)))
      .map(({ name: model, digest, size_bytes, capabilities, context_length }) => ({
        ...{ host, model, digest },
        facts: {
          size_bytes,
          ...(capabilities && { capabilities }),
          ...(context_length !== undefined && { context_length }),
        },
      })),
  );
}

/** Servers that have these models, as if they had just been surveyed. */
export function toFleetHosts(models: readonly KeptModel[]): FleetHost[] {
  const hosts = new Map<string, FleetHost>();
  for (const { host: url, model: name, digest, facts } of models) {
    const host = hosts.get(url) ?? { url, models: [] };
    hosts.set(url, host);
    host.models.push({ name, digest, ...(facts ?? { size_bytes: 0 }) });
  }
  return [...hosts.values()];
}
