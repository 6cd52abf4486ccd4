import type { Problem } from '../errors/problem.ts';
import type { CheckedWorkflow } from '../spec/workflow/load-workflow.ts';
import type { WorkflowVar } from '../spec/workflow/workflow-vars.ts';
import type { Warning } from '../events/run-document.ts';

/** What is to be said about a workflow file. It is valid when there are no problems. */
export interface WorkflowCheck {
  problems: Problem[];
  /** Each with the name of its step. */
  warnings: (Warning & { task: string })[];
  /** Names of its steps, in the order of the file. */
  steps: string[];
  /** Its variables: one without a value must be given one. */
  vars: readonly WorkflowVar[];
}

/** What a check tells, without what a run would be made from. */
export function toWorkflowCheck({ spec, problems, vars }: CheckedWorkflow): WorkflowCheck {
  const tasks = spec?.tasks ?? [];
  return {
    problems,
    warnings: tasks.flatMap(({ name, warnings }) => warnings.map((warning) => ({ ...warning, task: name }))),
    steps: tasks.map(({ name }) => name),
    vars,
  };
}
