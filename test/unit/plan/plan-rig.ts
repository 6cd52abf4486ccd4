import type { Fleet } from '../../../src/ollama/fleet.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { planRun, type RunSettings } from '../../../src/plan/plan-run.ts';
import type { Spec } from '../../../src/spec/spec.ts';
import { fleetOf } from '../routing/fleet.ts';

/** What the built-in defaults would give an agent with these models. */
export function settingsOf(parts: Partial<RunSettings> = {}): RunSettings {
  return {
    agent: { name: 'reviewer' },
    models: ['llama3.2', 'codellama'],
    routing_preferences: {},
    fallback: true,
    installHint: (model) => `ollama pull ${model}`,
    maxConcurrent: 4,
    timeoutMs: { agent: 300_000 },
    retries: { agent: 2 },
    options: { agent: {}, run: {} },
    onTruncate: { agent: 'fail' },
    failFast: false,
    ...parts,
  };
}

/** The plan of a spec on one server that has all the models, unless said otherwise. */
export function planOf(spec: Spec, parts: Partial<RunSettings> = {}, fleet?: Fleet): Plan {
  const settings = settingsOf(parts);
  return planRun(spec, settings, fleet ?? fleetOf(...settings.models));
}
