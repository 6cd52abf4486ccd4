// In: the agents of a run and what was said about it. Out: what each of them goes by. Pure.
import type { EffectiveConfig } from '../agents/effective-config.ts';
import type { Environment } from '../host/host.ts';
import type { KeptAgent } from '../journal/kept-request.ts';
import type { RunSettings } from '../plan/plan-run.ts';
import type { Spec } from '../spec/spec.ts';
import type { RunParts } from './run-to-keep.ts';
import { resolveConfig, toRunSettings, type RunOptions } from './settings.ts';

/** The agents of a run. */
export interface Team {
  /** The run's own one. */
  own: Member;
  /** Those that steps name, by the name they give. */
  stepAgents: ReadonlyMap<string, Member>;
}

export interface Member {
  config: EffectiveConfig;
  settings: RunSettings;
}

export function toTeam({ agent, stepAgents = {} }: RunParts, options: RunOptions, env: Environment): Team {
  const toMember = (each: KeptAgent): Member => {
    const config = resolveConfig(each, options, env);
    return { config, settings: toRunSettings(each, config, options) };
  };
  return {
    own: toMember(agent),
    stepAgents: new Map(Object.entries(stepAgents).map(([name, each]) => [name, toMember(each)])),
  };
}

/** Every model a task of the run may go to. */
export function modelsOf(spec: Spec, members: readonly Member[]): string[] {
  const named = members.flatMap(({ settings }) => {
    const { models, model, default_model, routing_preferences } = settings;
    return [...models, model, default_model, ...Object.values(routing_preferences)];
  });
  const pinned = spec.tasks.map(({ model_name }) => model_name);
  return [...new Set([...named, ...pinned].filter((name) => name !== undefined))];
}
