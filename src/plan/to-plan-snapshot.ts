// In: the Plan. Out: what `run.started` and `--dry-run` show of it. Pure.
import type { Candidate, PlannedTask, PlanSnapshot } from '../events/plan-snapshot.ts';
import { remember } from '../lib/remember.ts';
import type { TaskSpec } from '../spec/spec.ts';
import { showTemplate } from '../spec/template/template.ts';
import { formatForm } from '../tasks/answer-form.ts';
import type { Plan } from './plan.ts';
import { createPromptSizer } from './prompt-size.ts';
import { longestPath, stagesOf, waitsFor } from './stages.ts';

/** The plan as events, `--dry-run` and REST show it; in a dry run no task has an id. */
export function toPlanSnapshot(plan: Plan, idOf: (task: string) => string | undefined = () => undefined): PlanSnapshot {
  const sizeOf = createPromptSizer(plan);
  // 100,000 tasks have few lists of candidates.
  const copyOf = remember((candidates: readonly Candidate[]) =>
    candidates.map((candidate) => ({ ...candidate, reasons: [...candidate.reasons] })),
  );
  return {
    tasks: plan.tasks.map((task) => {
      const { spec, needs, after, kind, candidates, form, problem } = task;
      const { warning, ...size } = sizeOf(task);
      const warnings = [...task.warnings, ...(warning ? [warning] : [])];
      return {
        task: spec.name,
        task_id: idOf(spec.name),
        type: spec.definition.type,
        input: showTemplate(spec.prompt),
        needs: [...needs],
        ...(after !== undefined && !needs.includes(after) && { after }),
        kind,
        candidates: copyOf(candidates),
        ...toSteering(spec),
        ...(form && { form: formatForm(form) }),
        ...size,
        ...(warnings.length > 0 && { warnings }),
        ...(problem && { problem }),
      };
    }),
    ...toOrder(plan),
  };
}

/** Nothing where no task waits for another: 100,000 names would say nothing. */
function toOrder({ tasks }: Plan): Pick<PlanSnapshot, 'order' | 'longest_path'> {
  if (tasks.every(({ needs, after }) => needs.length === 0 && after === undefined)) return {};
  const nodes = tasks.map(({ spec, needs, after }) => ({ name: spec.name, needs: waitsFor({ needs, after }) }));
  const stages = stagesOf(nodes);
  return { order: [...stages.keys()], longest_path: longestPath(nodes, stages) };
}

/** What decides whether, how often and by whom a step is done. */
function toSteering({ condition, foreach, continue_on_error, agent }: TaskSpec): Partial<PlannedTask> {
  return {
    ...(condition && { if: condition.source }),
    ...(foreach && { foreach: 'source' in foreach.in ? foreach.in.source : foreach.in.length }),
    ...(continue_on_error === true && { continue_on_error }),
    ...(agent !== undefined && { agent }),
  };
}
