// In: a Spec and what its servers have. Out: the Spec with every task once per model that can do it. Pure.
import { ProblemError } from '../errors/problem.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { route } from '../routing/route.ts';
import type { Spec, TaskSpec } from '../spec/spec.ts';
import type { RunOptions } from './settings.ts';
import type { Member } from './team.ts';

/**
 * Refuses what makes no sense beside `eachModel`.
 * @throws ProblemError `usage-invalid`
 */
export function checkEachModel({ run_type, sequential }: Spec, { model }: Pick<RunOptions, 'model'>): void {
  const refuse = (message: string, hint: string): never => {
    throw new ProblemError({ code: 'usage-invalid', message, hint });
  };
  if (run_type === 'workflow') refuse('--each-model is for tasks, not for the steps of a workflow', 'use run-tasks');
  if (model !== undefined) refuse('--each-model and --model exclude each other', 'leave one of them out');
  if (sequential) refuse('--each-model runs tasks side by side, and --sequential one after another', 'leave one out');
}

/**
 * A task that names its model stays one task, and so does one that no model can do: its plan says why. A model that is
 * not installed, or whose server is down, counts as able: its tasks tell of it.
 */
export function expandEachModel(spec: Spec, { settings }: Member, fleet: Fleet): Spec {
  const models = [...new Map(settings.models.map((model) => [normalizeModelName(model), model])).values()];
  const expand = (task: TaskSpec): TaskSpec[] => {
    if (task.model_name !== undefined || !task.definition.needs) return [task];
    const able = models.filter((model) => canDo(task, model, { settings, fleet }));
    return able.length === 0
      ? [task]
      : able.map((model) => ({ ...task, name: `${task.name}[${model}]`, model_name: model }));
  };
  return { ...spec, tasks: spec.tasks.flatMap(expand) };
}

function canDo(
  task: TaskSpec,
  pinned: string,
  { settings, fleet }: Pick<Member, 'settings'> & { fleet: Fleet },
): boolean {
  const { definition } = task;
  const needs = definition.needs?.(task) ?? [];
  const question = { type: definition.type, kind: 'other', needs, pinned, preferences: {} } as const;
  return route(question, settings, fleet).problem?.code !== 'model-incapable';
}
