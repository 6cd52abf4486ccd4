import { toKeptRequest, type RequestParts } from '../journal/kept-request.ts';
import type { KeptModel, RunToKeep } from '../journal/kept-run.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { Plan } from '../plan/plan.ts';
import type { Spec } from '../spec/spec.ts';
import type { SpecRequest } from '../spec/load-spec.ts';
import type { RunOptions } from './settings.ts';

/** What a run is made of by the time it begins. */
export interface KeptParts {
  id: string;
  agent: RequestParts['agent'];
  request: SpecRequest & RunOptions & { agent: unknown };
  spec: Spec;
  fleet: Fleet;
  plan: Plan;
}

/** The run as the journal keeps it. What the Spec was made from is left out: files may change, and it says it all. */
export function toRunToKeep({ id, agent, request, spec, fleet, plan }: KeptParts): RunToKeep {
  const { run_type, agent: _agent, flags, file, tasks, sequential, vars, ...options } = request;
  return { id, run_type, request: toKeptRequest({ agent, options, spec }), models: digestsOf(plan, fleet) };
}

/** The digests of all models that tasks of the plan may go to. */
function digestsOf({ tasks }: Plan, { hosts }: Fleet): RunToKeep['models'] {
  const keyOf = (host: string, model: string): string => `${host} ${normalizeModelName(model)}`;
  const wanted = new Set(tasks.flatMap(({ candidates }) => candidates.map(({ host, model }) => keyOf(host, model))));
  return hosts.flatMap(({ url: host, models }) =>
    models
      .filter(({ name }) => wanted.has(keyOf(host, name)))
      .map(({ name: model, digest }) => ({ host, model, digest })),
  );
}
