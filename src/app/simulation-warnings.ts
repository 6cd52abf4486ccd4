import type { Plan } from '../plan/plan.ts';

/** The name under which a virtual server stands in documents. */
export const simulatedUrl = 'http://simulated';

/** The plan with a warning for each task that no model will be asked to do. */
export function withSimulationWarnings(plan: Plan): Plan {
  if (!plan.tasks.some(isSimulated)) return plan;
  const warning = { code: 'simulated', message: 'simulated: no model was asked, the answer is made up' };
  const tasks = plan.tasks.map((task) =>
    isSimulated(task) ? { ...task, warnings: [...task.warnings, warning] } : task,
  );
  return { ...plan, tasks };
}

function isSimulated({ candidates }: Plan['tasks'][number]): boolean {
  return candidates.some(({ host }) => host === simulatedUrl);
}
