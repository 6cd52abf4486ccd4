import type { NamedRoute, RouteDefinition } from '../define-route.ts';
import { changeAgent, createAgent, deleteAgent, listAgents, replaceAgent, showAgent } from './agents.ts';
import { showHealth } from './health.ts';
import { listHosts } from './hosts.ts';
import { showMetrics } from './metrics.ts';
import { listModels } from './models.ts';
import { explainTasks, showPlan } from './plans.ts';
import { showApiDocument, showReference } from './reference.ts';
import { cancelRun, listRuns, resumeRun, retryRun, showEvents, showRun } from './runs.ts';
import { runTasks } from './tasks.ts';
import { runWorkflow } from './workflows.ts';

const named: Readonly<Record<string, RouteDefinition>> = {
  ...{ createAgent, listAgents, showAgent, replaceAgent, changeAgent, deleteAgent },
  ...{ runTasks, runWorkflow, showPlan, explainTasks },
  ...{ listRuns, showRun, showEvents, cancelRun, resumeRun, retryRun },
  ...{ listModels, listHosts },
  ...{ showHealth, showMetrics, showApiDocument, showReference },
};

/** All endpoints, in the order in which documentation lists them; generated clients call them by their names here. */
export const routes: readonly NamedRoute[] = Object.entries(named).map(([name, route]) => ({ name, ...route }));
