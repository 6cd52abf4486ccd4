import type { EarlierRun } from '../journal/load-earlier-run.ts';
import { toKeptRequest, type RequestParts } from '../journal/kept-request.ts';
import type { RunToKeep } from '../journal/kept-run.ts';
import type { TaskFinished } from '../events/event.ts';
import type { Fleet } from '../ollama/fleet.ts';
import type { Plan } from '../plan/plan.ts';
import type { Spec } from '../spec/spec.ts';
import { toKeptModels } from './kept-models.ts';
import type { RunOptions } from './settings.ts';

/** What a run is made of before it is planned. */
export interface RunParts {
  id: string;
  agent: RequestParts['agent'];
  /** Agents that steps name, by the name they give. */
  stepAgents: RequestParts['stepAgents'];
  /** What the caller says about it. */
  options: RunOptions;
  spec: Spec;
  /** Set when it goes on. */
  further?: FurtherRun | undefined;
}

/** What was there of a run that goes on. */
export interface FurtherRun {
  earlier: EarlierRun;
  /** The ends that still hold. */
  kept: ReadonlyMap<string, TaskFinished>;
  allowChangedModels: boolean;
}

/** The run as the journal keeps it. What the Spec was made from is left out: files may change, and it says it all. */
export function toRunToKeep(parts: RunParts, plan: Plan, fleet: Fleet): RunToKeep {
  const { id, agent, stepAgents, options, spec, further } = parts;
  // A replay asks no server: what its models are now is not known.
  const models = options.replay === undefined ? toKeptModels(tasksToDo(plan, further), fleet) : [];
  const request = toKeptRequest({ agent, stepAgents, options: { ...options }, spec });
  return { id, run_type: spec.run_type, request, models, further: further && toFurtherPart(further) };
}

/** The tasks of a plan that do not stay as they are. */
export function tasksToDo({ tasks }: Plan, further: FurtherRun | undefined): Plan['tasks'] {
  return tasks.filter(({ spec }) => further?.kept.has(spec.name) !== true);
}

function toFurtherPart({ earlier, kept }: FurtherRun): RunToKeep['further'] {
  const { seq, ended, resultStep } = earlier;
  const output = resultStep === undefined ? undefined : kept.get(resultStep)?.output;
  return { seq, again: [...ended.keys()].filter((name) => !kept.has(name)), output };
}
