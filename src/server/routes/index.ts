import type { RouteDefinition } from '../define-route.ts';
import { changeAgent, createAgent, deleteAgent, listAgents, replaceAgent, showAgent } from './agents.ts';
import { showHealth } from './health.ts';
import { listHosts } from './hosts.ts';
import { listModels } from './models.ts';
import { explainTasks, showPlan } from './plans.ts';
import { cancelRun, listRuns, resumeRun, retryRun, showEvents, showRun } from './runs.ts';
import { runTasks } from './tasks.ts';
import { runWorkflow } from './workflows.ts';

/** All endpoints, in the order in which documentation lists them. */
export const routes: readonly RouteDefinition[] = [
  ...[createAgent, listAgents, showAgent, replaceAgent, changeAgent, deleteAgent],
  ...[runTasks, runWorkflow, showPlan, explainTasks],
  ...[listRuns, showRun, showEvents, cancelRun, resumeRun, retryRun],
  ...[listModels, listHosts],
  showHealth,
];
